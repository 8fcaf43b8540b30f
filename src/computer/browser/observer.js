globalThis.observer = { version: 1 };
