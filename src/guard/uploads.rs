//! Which files may be handed to a page: those that the goal or the demonstration names, that the run itself downloaded, or that lie in
//! a folder which the person allows. Any other file is nobody's wish but the page's.

use std::path::{Component, Path, PathBuf};

/// What names files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Uploads<'a> {
    pub goal: &'a str,
    /// Whether the step was shown, with files of its own.
    pub shown: bool,
    /// Where the run's downloads are.
    pub downloads: Option<&'a Path>,
    /// Folders that the person allows.
    pub folders: &'a [PathBuf],
}

impl Uploads<'_> {
    /// The first of the files that nothing names.
    pub(super) fn unnamed<'f>(&self, files: &'f [PathBuf]) -> Option<&'f Path> {
        files
            .iter()
            .map(PathBuf::as_path)
            .find(|file| !self.names(file))
    }

    fn names(&self, file: &Path) -> bool {
        if self.shown {
            return true;
        }
        // A path that climbs is not in the folder that it begins with.
        let climbs = file.components().any(|part| part == Component::ParentDir);
        let within = |folder: &Path| !climbs && file.starts_with(folder);
        if self.downloads.is_some_and(within) || self.folders.iter().any(|f| within(f)) {
            return true;
        }
        let goal = |text: &str| !text.is_empty() && self.goal.contains(text);
        goal(&file.to_string_lossy())
            || file
                .file_name()
                .is_some_and(|name| goal(&name.to_string_lossy()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_somebody_named_are_handed_over() {
        let folders = [PathBuf::from("/home/robin/receipts")];
        let uploads = Uploads {
            goal: "File the lunch with lunch.png",
            shown: false,
            downloads: Some(Path::new("/runs/1/downloads")),
            folders: &folders,
        };
        for (file, named) in [
            ("/tmp/lunch.png", true),
            ("/runs/1/downloads/a.pdf", true),
            ("/home/robin/receipts/2026/x.png", true),
            ("/home/robin/receipts/../.ssh/id_ed25519", false),
            ("/home/robin/.ssh/id_ed25519", false),
            ("/etc/passwd", false),
        ] {
            let files = [PathBuf::from(file)];
            assert_eq!(uploads.unnamed(&files).is_none(), named, "{file}");
        }
        let shown = Uploads {
            shown: true,
            ..uploads
        };
        assert_eq!(shown.unnamed(&[PathBuf::from("/tmp/x")]), None);
    }
}
