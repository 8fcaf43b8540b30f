//! Whether a person could see a window of the browser.

/// Whether the system has a place for windows; only some systems run without one.
pub fn can_open() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
