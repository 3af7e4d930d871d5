//! Paths of modules and files, as configuration writes them.

/// A path from the working directory, without steps that lead nowhere.
pub(super) fn normal(path: &str) -> String {
    let path = path.replace('\\', "/");
    let is_absolute = path.starts_with('/');
    let mut steps: Vec<&str> = Vec::new();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." if steps.last().is_some_and(|last| *last != "..") => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    let joined = steps.join("/");
    match is_absolute {
        true => format!("/{joined}"),
        false => joined,
    }
}

/// A path that is written in a folder.
pub(super) fn within(folder: &str, path: &str) -> String {
    match path.starts_with('/') || folder.is_empty() {
        true => normal(path),
        false => normal(&format!("{folder}/{path}")),
    }
}

/// The path to a folder from another, as Terraform shows it.
pub(super) fn relative(from: &str, to: &str) -> String {
    if to.starts_with('/') {
        return to.to_owned();
    }
    let steps = |path: &str| -> Vec<String> {
        let steps = path.split('/').filter(|step| !step.is_empty());
        steps.map(str::to_owned).collect()
    };
    let (from, to) = (steps(from), steps(to));
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other);
    let shared = shared.count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let down = to.iter().skip(shared).map(String::as_str);
    let path = up.chain(down).collect::<Vec<&str>>().join("/");
    match path.is_empty() {
        true => ".".to_owned(),
        false => path,
    }
}

/// The folder of a file.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name of a file without its folder.
pub(super) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_from_the_working_directory() {
        assert_eq!(normal("./infra//main.tf"), "infra/main.tf");
        assert_eq!(within("envs/prod", "../../modules/x"), "modules/x");
        assert_eq!(within("envs/prod", "../../../x"), "../x");
        assert_eq!(within("", "./x"), "x");
        assert_eq!(within("a", "/x/y"), "/x/y");
        assert_eq!(relative("envs/prod", "modules/x"), "../../modules/x");
        assert_eq!(
            (relative("", "a"), relative("a", "a")),
            ("a".to_owned(), ".".to_owned())
        );
        assert_eq!((folder("a/b.tf"), name("a/b.tf")), ("a", "b.tf"));
    }
}
