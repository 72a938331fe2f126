// The element on a studio's page: another origin, a strict policy, styles of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PATIENCE, demoSong, serve, soon, verdict, withPage } from "./page.js";

/** Serves the site for other origins, and opens a studio's page with that body. */
async function onStudioPage(body, story, { policy = true, style = "" } = {}) {
  const site = await serve({}, { "access-control-allow-origin": "*" });
  const origin = `http://127.0.0.1:${site.address().port}`;
  const head = policy
    ? `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' ${origin}
        'wasm-unsafe-eval'; style-src 'self' ${origin}; connect-src 'self' ${origin}; worker-src blob:;
        img-src data: blob:; frame-src ${origin}">`
    : "";
  const extra = {
    "/studio.html": `<!doctype html><html lang="en"><title>Studio</title>${head}
      <link rel="stylesheet" href="/studio.css"><link rel="icon" href="data:,">
      <script type="module" src="/studio.js"></script>
      <script type="module" src="${origin}/embed.js"></script>
      <h1>Studio</h1>${body.replaceAll("SITE", origin)}</html>`,
    "/studio.css": style,
    "/studio.js": `window.heard = [];
      for (const name of ["stemcheck-progress", "stemcheck-report", "stemcheck-handoff"]) {
        document.addEventListener(name, ({ detail, target }) => heard.push({ name, detail, id: target.id }));
      }
      addEventListener("message", ({ data, origin }) => heard.push({ ...data, origin }));`,
    "/profile.toml": 'extends = "generic"\nname = "mine"\ntitle = "My studio"\nmax-stems = 2\n',
  };
  try {
    await withPage((page, more) => story(page, { ...more, site: origin }), {
      extra,
      at: "/studio.html",
      others: [origin],
    });
  } finally {
    site.close();
  }
}

const heard = (page, name) =>
  page.evaluate((name) => window.heard.filter((it) => (it.name ?? it.type) === name), name);

test("a studio's page is told the report, and handed the files", async () => {
  const song = demoSong("late-stem");
  const element = '<stem-checker id="one" profile="/profile.toml" lang="en" handoff-label="Send to us"></stem-checker>';
  await onStudioPage(element, async (page) => {
    await page.locator("#stem-files").setInputFiles(song);
    assert.equal(await verdict(page), "fix");
    const steps = await heard(page, "stemcheck-progress");
    assert.ok(steps.length > 1 && steps.at(-1).detail.done === steps.at(-1).detail.total);
    const [{ detail }] = (await heard(page, "stemcheck-report")).slice(-1);
    assert.equal(detail.report.schema_version, 1);
    assert.equal(detail.report.profile, "mine");
    const codes = detail.report.songs[0].findings.map((finding) => finding.code);
    assert.ok(codes.includes("late-stem") && codes.includes("stem-count"), codes.join());
    const profile = page.getByRole("combobox", { name: "Studio profile" });
    assert.deepEqual(await profile.locator("option").allInnerTexts(), ["My studio"]);
    await page.getByRole("button", { name: "Send to us" }).click();
    const sent = await page.evaluate(() => {
      const { detail } = window.heard.find((it) => it.name === "stemcheck-handoff");
      return detail.files.map((file) => [file instanceof File, file.name, file.size > 0]);
    });
    assert.equal(sent.length, song.length);
    assert.ok(sent.every(([isFile, name, hasBytes]) => isFile && name.endsWith(".wav") && hasBytes));
    // A correction is a new report.
    const before = (await heard(page, "stemcheck-report")).length;
    await page.getByRole("spinbutton", { name: /Tempo/ }).fill("90");
    await page.getByRole("spinbutton", { name: /Tempo/ }).blur();
    await page.waitForFunction(
      (before) => window.heard.filter((it) => it.name === "stemcheck-report").length > before,
      before,
      { timeout: PATIENCE },
    );
  });
});

test("the studio says what it takes, and its button says why it waits", async () => {
  const element = (id, verdict) =>
    `<stem-checker id="${id}" lang="en" handoff-label="Send" handoff-verdict="${verdict}"></stem-checker>`;
  await onStudioPage(element("all", "") + element("good", "check") + element("best", "ready"), async (page) => {
    const at = (id) => {
      const checker = page.locator(`#${id}`);
      return { checker, send: checker.getByRole("button", { name: "Send", exact: true }) };
    };
    const checked = async (id, button, verdict) => {
      const { checker, send } = at(id);
      await checker.getByRole("button", { name: button }).click();
      await checker.locator(`[role=status] [data-verdict="${verdict}"]`).waitFor({ timeout: PATIENCE });
      const note = `#${await send.getAttribute("aria-describedby")}`;
      return { send, says: await checker.locator(note).innerText() };
    };
    const faulty = await checked("all", "Try the demo song", "fix");
    assert.equal(await faulty.send.isEnabled(), true, "sent as it is, if need be");
    assert.match(faulty.says, /something to fix first/);
    const held = await checked("good", "Try the demo song", "fix");
    assert.equal(await held.send.isDisabled(), true);
    assert.match(held.says, /nothing is left to fix\./);
    const good = await checked("best", "Demo without faults", "ready");
    assert.equal(await good.send.isEnabled(), true);
    assert.match(good.says, /all files and the report/);
  });
});

test("styles leak neither in nor out, but for the custom properties", async () => {
  const style = `html { font-size: 40px; } * { letter-spacing: 9px; } button { background: rgb(255, 0, 0) !important; }
    h1 { color: rgb(1, 2, 3); } stem-checker { --accent: rgb(122, 31, 92); --accent-text: white; }
    :root { --ground: rgb(9, 9, 9); }`;
  await onStudioPage('<button id="own">Own</button><stem-checker theme="light"></stem-checker>', async (page) => {
    const demo = page.getByRole("button", { name: "Try the demo song" });
    await demo.waitFor();
    const looks = await demo.evaluate((button) => {
      const { backgroundColor, letterSpacing, fontSize } = getComputedStyle(button);
      return { backgroundColor, letterSpacing, fontSize: Number.parseFloat(fontSize) };
    });
    assert.notEqual(looks.backgroundColor, "rgb(255, 0, 0)");
    const choose = page.locator("stem-checker label", { hasText: "Choose stems" });
    const accent = await choose.evaluate((it) => getComputedStyle(it).backgroundColor);
    assert.equal(accent, "rgb(122, 31, 92)", "the studio's accent");
    assert.equal(looks.letterSpacing, "normal");
    assert.ok(looks.fontSize < 24, `${looks.fontSize} px`);
    const own = page.locator("#own");
    assert.equal(await own.evaluate((it) => getComputedStyle(it).backgroundColor), "rgb(255, 0, 0)");
    const ground = await page.locator("stem-checker .page").evaluate((it) => getComputedStyle(it).backgroundColor);
    assert.notEqual(ground, "rgb(9, 9, 9)");
    const title = page.getByRole("heading", { name: "Studio", exact: true });
    assert.equal(await title.evaluate((it) => getComputedStyle(it).color), "rgb(1, 2, 3)");
    assert.equal(await title.evaluate((it) => getComputedStyle(it).fontSize), "80px");
  }, { style });
});

test("two on a page know nothing of each other; what is taken out ends", async () => {
  const two = '<stem-checker id="one" lang="en"></stem-checker><stem-checker id="two" lang="it"></stem-checker>';
  await onStudioPage(two, async (page) => {
    const one = page.locator("#one");
    const other = page.locator("#two");
    await one.getByRole("button", { name: "Demo without faults" }).click();
    await one.locator('[data-verdict="ready"]').waitFor({ timeout: PATIENCE });
    assert.equal(await other.locator("[data-verdict]").count(), 0);
    assert.equal(await other.getByRole("combobox").count(), 0);
    await other.getByRole("button", { name: /brano/i }).first().waitFor();
    await one.getByRole("button", { name: "Play" }).click();
    await one.getByRole("button", { name: "Pause" }).waitFor();
    const workers = page.workers().length;
    await page.evaluate(() => {
      window.taken = document.getElementById("one");
      window.taken.remove();
    });
    await page.waitForFunction(() => window.loudspeakerLevel() < -100);
    await soon(() => page.workers().length < workers, "its workers have ended");
    // Back again, it begins anew.
    await page.evaluate(() => document.body.append(window.taken));
    await one.getByRole("button", { name: "Demo without faults" }).click();
    await one.locator('[data-verdict="ready"]').waitFor({ timeout: PATIENCE });
    await page.evaluate(() => document.querySelectorAll("stem-checker").forEach((it) => it.remove()));
    await soon(() => page.workers().length === 0, "all workers have ended");
  });
});

test("in a frame, events go to the origin that is named", async () => {
  const frame = (id, origin) =>
    `<iframe id="${id}" title="Checker" width="900" height="700" src="SITE/frame.html?lang=en&handoff-label=Send&origin=${origin}"></iframe>`;
  await onStudioPage("<main></main>", async (page, { origin, site }) => {
    await page.evaluate(
      (html) => (document.querySelector("main").innerHTML = html),
      (frame("right", origin) + frame("wrong", "https://elsewhere.example")).replaceAll("SITE", site),
    );
    for (const id of ["wrong", "right"]) {
      const inside = page.frameLocator(`#${id}`);
      await inside.getByRole("button", { name: "Demo without faults" }).click();
      await inside.locator('[data-verdict="ready"]').waitFor({ timeout: PATIENCE });
      if (id === "wrong") assert.deepEqual(await heard(page, "stemcheck-report"), []);
      else await inside.getByRole("button", { name: "Send" }).click();
    }
    await page.waitForFunction(() => window.heard.some((it) => it.type === "stemcheck-handoff"));
    const [handed] = await heard(page, "stemcheck-handoff");
    assert.equal(handed.origin, site);
    assert.equal(handed.report.verdict, "ready");
    const files = await page.evaluate(() =>
      window.heard.find((it) => it.type === "stemcheck-handoff").files.map((file) => file instanceof File),
    );
    assert.ok(files.length > 1 && files.every(Boolean));
    assert.ok((await heard(page, "stemcheck-resize")).length > 0);
  });
});

test("a profile that cannot be read is said, and nothing else is lost", async () => {
  await onStudioPage(`<stem-checker profile='{"name": "x", "min-bits": 99}' lang="en"></stem-checker>`, async (page) => {
    await page.getByRole("alert").filter({ hasText: "min-bits" }).waitFor();
    await page.getByRole("button", { name: "Demo without faults" }).click();
    assert.equal(await verdict(page), "ready");
  });
});

test("the documentation's examples are alive", async () => {
  await withPage(
    async (page) => {
      const send = page.getByRole("button", { name: "Send to the studio" });
      assert.equal(await send.isDisabled(), true);
      const checker = page.locator("#checker");
      await checker.getByRole("button", { name: "Try the demo song" }).click();
      await checker.locator('[data-verdict="fix"]').waitFor({ timeout: PATIENCE });
      assert.equal(await checker.getByRole("button", { name: "Hand over" }).isDisabled(), true);
      assert.equal(await send.isDisabled(), true, "there is something to fix");
      await checker.getByRole("button", { name: "Demo without faults" }).click();
      await checker.locator('[data-verdict="ready"]').waitFor({ timeout: PATIENCE });
      await checker.getByRole("button", { name: "Hand over" }).click();
      assert.equal(await send.isEnabled(), true);
    },
    { at: "/embed.html" },
  );
});
