//! Methods called from afar: gRPC-web by its path, JSON-RPC, XML-RPC and SOAP by their envelope.

use url::Url;

use super::operation::Operation;
use super::{Body, Format};

/// Most calls in one batch.
const MOST_CALLS: usize = 100;

/// gRPC-web, gRPC and the binary form of Connect.
pub(super) fn is_grpc(kind: &str) -> bool {
    kind.starts_with("application/grpc")
        || kind.starts_with("application/connect+")
        || kind == "application/proto"
}

/// `/package.Service/Method`; the message stays closed.
pub(super) fn grpc(url: &str) -> Body {
    let mut body = Body::opaque("its message is binary");
    body.format = Format::GrpcWeb;
    let path: Vec<String> = Url::parse(url)
        .ok()
        .and_then(|url| Some(url.path_segments()?.map(str::to_owned).collect()))
        .unwrap_or_default();
    if let [.., service, method] = path.as_slice() {
        body.operations
            .push(Operation::call(format!("{service}/{method}")));
    }
    body
}

/// JSON that is a call, alone or one of several.
pub(super) fn of_json(mut body: Body) -> Body {
    let mut calls = Vec::new();
    for (name, value) in &body.fields {
        let place = name.strip_suffix("method").unwrap_or("?");
        let in_list = place
            .strip_suffix('.')
            .is_some_and(|at| at.parse::<usize>().is_ok());
        let has = |field: &str| {
            let wanted = format!("{place}{field}");
            body.fields.iter().any(|(other, _)| {
                other
                    .strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        if (place.is_empty() || in_list)
            && !value.is_empty()
            && (has("jsonrpc") || (has("params") && has("id")))
        {
            calls.push(Operation::call(value.clone()));
        }
        // Each is compared with all fields; nobody batches more.
        if calls.len() > MOST_CALLS {
            return body.but("it calls more methods at once than are read");
        }
    }
    if !calls.is_empty() {
        body.format = Format::JsonRpc;
        body.operations = calls;
    }
    body
}

pub(super) fn of_xml(mut body: Body) -> Body {
    let method = body.field("methodCall.methodName").map(str::to_owned);
    if let Some(method) = method {
        body.format = Format::XmlRpc;
        body.operations = vec![Operation::call(method)];
        return body;
    }
    let called = body.fields.iter().find_map(|(name, _)| {
        let rest = name.strip_prefix("Envelope.Body.")?;
        Some(rest.split('.').next().unwrap_or(rest).to_owned())
    });
    if let Some(called) = called {
        body.format = Format::Soap;
        body.operations = vec![Operation::call(called)];
    }
    body
}
