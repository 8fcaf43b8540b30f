//! Can demonstrations and traces be written where they should go?

use std::io::Write;
use std::path::Path;

use super::Check;

/// Bytes that are written to see whether there is room; a short run takes about as much.
const SAMPLE: usize = 1 << 20;

/// Where recordings go. Following bundled ones works without.
pub(super) fn demos(folder: &Path) -> Check {
    match try_writing(folder) {
        Ok(found) => Check::ok("demos", found),
        Err(reason) => Check::warn(
            "demos",
            reason,
            "recordings cannot be kept there: choose another folder with --demos or APPRENTICE_DEMOS",
        ),
    }
}

/// Where runs leave their record. No run starts without.
pub(super) fn traces(folder: &Path) -> Check {
    match try_writing(folder) {
        Ok(found) => Check::ok("traces", found),
        Err(reason) => Check::fail(
            "traces",
            reason,
            "choose another folder with --traces or APPRENTICE_TRACES, or make room",
        ),
    }
}

/// Writes a file and removes it again, in the folder or, where that is still to be made, in the nearest one above it.
fn try_writing(folder: &Path) -> Result<String, String> {
    let absolute =
        std::path::absolute(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let there = absolute
        .ancestors()
        .find(|above| above.exists())
        .ok_or_else(|| format!("{}: no part of it exists", absolute.display()))?;
    let attempt = || -> std::io::Result<()> {
        let mut file = tempfile::tempfile_in(there)?;
        file.write_all(&vec![0; SAMPLE])?;
        file.sync_data()
    };
    attempt().map_err(|error| format!("{} cannot be written: {error}", there.display()))?;
    Ok(if there == absolute {
        format!("{} is writable", absolute.display())
    } else {
        format!("{} will be made", absolute.display())
    })
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn a_folder_that_is_there_or_can_be_made_is_well() {
        let folder = tempfile::tempdir().unwrap();
        assert!(traces(folder.path()).found.contains("writable"));
        let later = folder.path().join("a/b");
        assert!(demos(&later).found.contains("will be made"));
        assert!(!later.exists());
    }

    #[test]
    fn where_a_file_stands_in_the_way_only_traces_fail() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert_eq!(traces(&file.join("traces")).status, Status::Fail);
        assert_eq!(demos(&file).status, Status::Warn);
    }
}
