import { isBare, isPublic, partOf, routeOf, safeNext } from "@/core/routes";

describe("routes", () => {
  test("name the page and what it is about", () => {
    expect(routeOf("/")).toEqual({ page: "calendar", about: "" });
    expect(routeOf("/room/b17")).toEqual({ page: "room", about: "b17" });
    expect(routeOf("/check")).toEqual({ page: "check", about: "" });
    expect(routeOf("/you/standing/").page).toBe("standing");
    expect(routeOf("/people/free")).toEqual({ page: "free", about: "" });
    expect(routeOf("/people/m_0Tn8s2LqVbPa")).toEqual({ page: "person", about: "m_0Tn8s2LqVbPa" });
    expect(routeOf("/messages")).toEqual({ page: "messages", about: "" });
    expect(routeOf("/you/settings/matching")).toEqual({ page: "settings", about: "matching" });
    expect(routeOf("/i/Zq3_x-9")).toEqual({ page: "invite", about: "Zq3_x-9" });
  });

  test("say so when there is no such page", () => {
    expect(routeOf("/room").page).toBe("missing");
    expect(routeOf("/sessions/x/y").page).toBe("missing");
    expect(routeOf("/you/settings/other").page).toBe("missing");
  });

  test("keep the calendar and the room for members", () => {
    expect(isPublic("calendar")).toBe(false);
    expect(isPublic("rules")).toBe(true);
    expect(isPublic("invite")).toBe(true);
    expect(isPublic("people")).toBe(false);
    expect(isBare("room")).toBe(true);
  });

  test("lead on to the parts of a session that calendar entries name, and to no other part", () => {
    for (const part of ["#cancel", "#report"]) {
      expect(safeNext(`/sessions/b41${part}`)).toBe(`/sessions/b41${part}`);
      expect(partOf(part)).toBe(part);
    }
    for (const bad of ["#token=x", "#main", "#", "#cancel#report", "#cancel/x"]) {
      expect(safeNext(`/sessions/b41${bad}`)).toBe("/");
      expect(partOf(bad)).toBe("");
    }
    expect(safeNext("//evil.example#cancel")).toBe("/");
    expect(safeNext("#cancel")).toBe("/");
    expect(safeNext("/sessions/b41#cancel\n")).toBe("/");
  });

  test("never lead to another site after signing in", () => {
    expect(safeNext("/room/b17")).toBe("/room/b17");
    expect(safeNext("/i/Zq3_x-9")).toBe("/i/Zq3_x-9");
    for (const bad of ["//evil.example", "/\\evil", "https://evil.example", "javascript:x", "", null])
      expect(safeNext(bad)).toBe("/");
  });
});
