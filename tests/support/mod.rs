//! What several promises need to be kept: servers and pictures.

pub mod apps;
pub mod chat_request;
pub mod devtools;
pub mod model_server;
pub mod program;
pub mod reader;
pub mod real_server;
pub mod run;
pub mod site;
pub mod tesseract;
