//! Are there fonts? Without them a page is rows of empty boxes, and its picture holds nothing to read.

use std::path::{Path, PathBuf};

use super::{Check, program};

const NAME: &str = "fonts";

/// How deep font folders are looked through.
const DEPTH: usize = 5;

pub(super) fn check() -> Check {
    let listed = program::ask("fc-list", &[]).map(|list| list.lines().count());
    judge(listed.unwrap_or_else(|| folders().iter().map(|folder| count(folder, DEPTH)).sum()))
}

fn judge(fonts: usize) -> Check {
    if fonts == 0 {
        Check::warn(
            NAME,
            "none, so pages will show empty boxes",
            "install some: `apt-get install fonts-liberation` (and fonts-noto-cjk for Chinese, Japanese and Korean)",
        )
    } else {
        Check::ok(NAME, format!("{fonts} files"))
    }
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        r"C:\Windows\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(user) = directories::UserDirs::new() {
        folders.extend(user.font_dir().map(Path::to_owned));
        folders.push(user.home_dir().join(".fonts"));
    }
    folders
}

fn count(folder: &Path, depth: usize) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| {
            let path = entry.path();
            let is_font = path
                .extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| {
                    ["ttf", "otf", "ttc", "pfb", "woff2"]
                        .contains(&extension.to_ascii_lowercase().as_str())
                });
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth > 0 => count(&path, depth - 1),
                Ok(_) => usize::from(is_font),
                Err(_) => 0,
            }
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn counts_fonts_in_folders_of_folders() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("truetype/liberation");
        std::fs::create_dir_all(&inner).unwrap();
        for name in ["a.ttf", "b.OTF", "readme.txt"] {
            std::fs::write(inner.join(name), "").unwrap();
        }
        assert_eq!(count(folder.path(), DEPTH), 2);
        assert_eq!(count(Path::new("/nowhere"), DEPTH), 0);
    }

    #[test]
    fn no_font_is_a_warning() {
        assert_eq!(judge(0).status, Status::Warn);
        assert_eq!(judge(7).status, Status::Ok);
    }
}
