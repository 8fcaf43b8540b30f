//! Names for origins: a demonstration that calls a site by name can be followed where that site is somewhere else.

use super::Demonstration;

impl Demonstration {
    /// Calls the origin by this name wherever an address of it stands.
    pub fn name_site(&mut self, name: &str, origin: &str) {
        let origin = origin.trim_end_matches('/');
        let hole = format!("{{site:{name}}}");
        let rename = |text: &mut String| {
            if let Some(rest) = text.strip_prefix(origin)
                && (rest.is_empty() || rest.starts_with(['/', '?', '#']))
            {
                *text = format!("{hole}{rest}");
            }
        };
        rename(&mut self.start);
        let effects = self.steps.iter_mut().flat_map(|step| &mut step.effects);
        for effect in effects.chain(&mut self.opening) {
            rename(&mut effect.origin);
        }
        for step in &mut self.steps {
            step.texts_mut().for_each(rename);
        }
        self.sites
            .retain(|_, known| known.trim_end_matches('/') != origin);
        self.sites.insert(name.to_owned(), origin.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_named_origin_and_no_others_are_renamed() {
        let text = r#"
format = "1.2"
workflow = "buy"
goal = "Buy a ticket"
start = "http://127.0.0.1:80/shop"

[[step]]
do = "navigate"
value = "http://127.0.0.1:8080/desk"

[[step]]
do = "click"
page = "http://127.0.0.1:80"
target = { role = "link", frame = "http://127.0.0.1:80/frame?x=1" }

[[step.effect]]
method = "POST"
origin = "http://127.0.0.1:80"
path = "/orders"
fields = []
"#;
        let mut demonstration = Demonstration::parse("buy", text).unwrap();
        demonstration.name_site("shop", "http://127.0.0.1:80");
        assert_eq!(demonstration.start, "{site:shop}/shop");
        let [away, here] = demonstration.steps.as_slice() else {
            panic!("two steps");
        };
        assert_eq!(away.value.as_deref(), Some("http://127.0.0.1:8080/desk"));
        assert_eq!(here.page.as_deref(), Some("{site:shop}"));
        assert_eq!(here.effects[0].origin, "{site:shop}");
        let target = here.target.as_ref().unwrap();
        assert_eq!(target.frame.as_deref(), Some("{site:shop}/frame?x=1"));
        assert_eq!(demonstration.sites["shop"], "http://127.0.0.1:80");
    }
}
