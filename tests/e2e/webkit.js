// The same way through the page in a third engine, WebKit: Debian's `webkit2gtk-driver`, on a screen of
// `xvfb`. Run by hand, `node --test tests/e2e/webkit.js`, after `cargo xtask test`; not part of CI.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { DIST, assertTold, commandReport, demoSong, serve, shown, soon } from "./page.js";

const BROWSER = process.env.STEMCHECK_WEBKIT ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
const DRIVER = 7788;
/** The name of an element in WebDriver's answers. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Asks the driver; W3C WebDriver. */
async function ask(method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${DRIVER}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (value?.error) throw new Error(`${path}: ${value.error}: ${value.message}`);
  return value;
}

/** Opens an address in WebKit and gives the story its page. */
async function inWebKit(address, story) {
  const screen = ["--auto-servernum", "--server-args=-screen 0 1280x1000x24"];
  const driver = spawn("xvfb-run", [...screen, "dbus-run-session", "--", "WebKitWebDriver", `--port=${DRIVER}`], {
    detached: true,
    stdio: "ignore",
    env: { ...process.env, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
  });
  try {
    await soon(() => ask("GET", "/status").then(() => true, () => false), "the driver answers");
    const options = { binary: BROWSER, args: ["--automation"] };
    const { sessionId } = await ask("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    const at = `/session/${sessionId}`;
    try {
      await ask("POST", `${at}/url`, { url: address });
      const find = async (value) =>
        (await ask("POST", `${at}/element`, { using: "css selector", value }))[ELEMENT];
      await story({
        run: (script) => ask("POST", `${at}/execute/sync`, { script: `return ${script}`, args: [] }),
        type: async (selector, text) => ask("POST", `${at}/element/${await find(selector)}/value`, { text }),
        click: async (selector) => ask("POST", `${at}/element/${await find(selector)}/click`, {}),
      });
    } finally {
      await ask("DELETE", at);
    }
  } finally {
    process.kill(-driver.pid);
  }
}

test("WebKit and the command say the same of a late stem, and it is heard", async () => {
  const server = await serve();
  const files = demoSong("late-stem");
  const told = commandReport(files).songs[0];
  try {
    await inWebKit(`http://127.0.0.1:${server.address().port}/`, async ({ run, type, click }) => {
      await soon(() => run("!!document.querySelector('input#stem-files')"), "the page is there");
      await type("input#stem-files", files.join("\n"));
      const isDone = "document.querySelector('[data-verdict]') && !document.querySelector('[role=progressbar]')";
      await soon(() => run(`!!(${isDone})`), "the check ends", 120);
      assertTold(await run(`(${shown})()`), told);
      await click(".buttons .button.primary");
      const loudness = "document.querySelector('[role=meter]').getAttribute('aria-valuetext')";
      await soon(async () => /^-\d+\.\d LUFS$/.test(await run(loudness)), "the meters hear music", 30);
    });
  } finally {
    server.close();
  }
});

test("WebKit says why the one file does not work from a disk", () =>
  inWebKit(pathToFileURL(join(DIST, "stemcheck.html")).href, async ({ run }) => {
    const alert = "document.querySelector('#boot[role=alert]')?.textContent";
    await soon(async () => /opened from a disk/.test(await run(alert)), "it says so");
  }));
