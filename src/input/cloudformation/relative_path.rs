//! Relative paths, as templates and manifests name each other.

/// The path of a file that another names.
pub(in crate::input) fn beside(path: &str, file: &str) -> String {
    let mut steps: Vec<&str> = path.split('/').collect();
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
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
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
