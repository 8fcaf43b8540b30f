// Placeholder until the walk is written: numbers for nodes, and where a frame's content begins.
(() => {
  if (globalThis.observer) return;
  const numbers = new WeakMap();
  const nodes = new Map();
  let last = 0;
  globalThis.observer = {
    version: 1,
    numberOf(node) {
      let number = numbers.get(node);
      if (number === undefined) {
        number = ++last;
        numbers.set(node, number);
        nodes.set(number, new WeakRef(node));
      }
      return number;
    },
    nodeOf(number) {
      const node = nodes.get(number)?.deref();
      return node?.isConnected ? node : null;
    },
    frameBox(element) {
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      const x = box.x + element.clientLeft + parseFloat(style.paddingLeft);
      const y = box.y + element.clientTop + parseFloat(style.paddingTop);
      return { x, y, width: element.clientWidth, height: element.clientHeight };
    },
  };
})();
