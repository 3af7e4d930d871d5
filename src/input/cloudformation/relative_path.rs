//! Ways to files, as templates and manifests name each other.

/// The way of a file that another names.
pub(super) fn beside(way: &str, file: &str) -> String {
    let mut steps: Vec<&str> = way.split('/').collect();
    steps.pop();
    for step in file.split('/') {
        match step {
            "." | "" => {}
            ".." if steps
                .last()
                .is_some_and(|last| *last != ".." && *last != ".") =>
            {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// The folder of a file.
pub(super) fn folder(way: &str) -> &str {
    way.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_where_the_template_lies() {
        assert_eq!(beside("./infra/a.yaml", "./b.yaml"), "./infra/b.yaml");
        assert_eq!(beside("./infra/a.yaml", "../b.yaml"), "./b.yaml");
        assert_eq!(beside("./../a.yaml", "../b.yaml"), "./../../b.yaml");
    }
}
