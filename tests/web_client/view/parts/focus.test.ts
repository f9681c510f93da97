// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { keepFocus } from "@/view/parts/focus";

/** The page has had time to notice what changed. */
const noticed = () => new Promise((resolve) => setTimeout(resolve, 5));

describe("the focus, when the button that has it goes", () => {
  let end: () => void;
  const at = <E extends HTMLElement = HTMLElement>(id: string): E => document.querySelector<E>(`#${id}`)!;

  beforeEach(() => {
    document.body.innerHTML = `<ul id="list"><li id="one"><button id="yes"></button></li></ul><button id="out"></button>`;
    end = keepFocus(at("list"));
  });
  afterEach(() => end());

  it("goes to the part the button stood in", async () => {
    at("yes").focus();
    at("one").remove();
    await noticed();
    expect(document.activeElement).toBe(at("list"));
  });

  it("goes to the nearest part that is still there, in whatever order they came", async () => {
    const within = keepFocus(at("one"));
    at("yes").focus();
    at("yes").remove();
    await noticed();
    expect(document.activeElement).toBe(at("one"));
    at("one").remove();
    await noticed();
    expect(document.activeElement).toBe(at("list"));
    within();
  });

  it("stays where it went meanwhile", async () => {
    at("yes").focus();
    at("one").remove();
    at("out").focus();
    await noticed();
    expect(document.activeElement).toBe(at("out"));
  });

  it("is not fetched back by what goes after it has left", async () => {
    at("yes").focus();
    at("yes").blur();
    await noticed();
    at("one").remove();
    await noticed();
    expect(document.activeElement).toBe(document.body);
  });

  it("is nobody's business afterwards", async () => {
    end();
    at("yes").focus();
    at("one").remove();
    await noticed();
    expect(document.activeElement).not.toBe(at("list"));
  });
});
