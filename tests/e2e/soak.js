// Plays the first song of an album for a while, as soon as it is checked and while the others are, and
// counts how often the sound breaks off. With "touch", somebody mutes a stem or lets it sound again every
// five seconds, which has the song calibrated again, and goes elsewhere every twenty.
// Usage: node soak.js FOLDER [MINUTES] [touch]; prints JSON.

import { PATIENCE, withPage } from "./page.js";

const [folder, minutes = "10", touch] = process.argv.slice(2);

await withPage(async (page) => {
  await page.locator("input#stem-folder").setInputFiles(folder);
  await page.locator(".transport[data-settled=true]").waitFor({ timeout: 5 * PATIENCE });
  const position = page.getByRole("slider", { name: "Position" });
  const seconds = Number(await position.getAttribute("max"));
  const dropouts = async () => Number(await page.locator(".readings").getAttribute("data-dropouts"));
  const isChecking = async () => {
    const [done, all] = (await page.getByText(/of \d+ songs checked/).first().innerText()).match(/\d+/g);
    return done !== all;
  };
  const results = { while_checking: { seconds: 0, dropouts: 0 }, after: { seconds: 0, dropouts: 0 } };
  await page.getByRole("button", { name: "Play" }).click();
  const began = Date.now();
  let before = await dropouts();
  let turn = 0;
  for (const end = began + Number(minutes) * 60_000; Date.now() < end; ) {
    const [from, phase] = [Date.now(), (await isChecking()) ? results.while_checking : results.after];
    await page.waitForTimeout(1000);
    turn += 1;
    if (touch && turn % 5 === 0) await page.locator(".toggle.mute").nth(turn % 3).click();
    if (touch && turn % 20 === 0) await position.fill(String(Math.floor(seconds * 0.8 * Math.random())));
    if (Number(await position.inputValue()) > seconds - 3) await position.fill("0");
    const now = await dropouts();
    phase.dropouts += now - before;
    if (now > before) console.error(`${now - before} after ${((Date.now() - began) / 1000).toFixed(0)} s`);
    phase.seconds += (Date.now() - from) / 1000;
    before = now;
  }
  console.log(JSON.stringify(results));
});
