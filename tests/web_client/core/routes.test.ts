import { isBare, isPublic, routeOf, safeNext } from "@/core/routes";

describe("routes", () => {
  test("name the page and the booking", () => {
    expect(routeOf("/")).toEqual({ page: "calendar", booking: "" });
    expect(routeOf("/room/b17")).toEqual({ page: "room", booking: "b17" });
    expect(routeOf("/check")).toEqual({ page: "check", booking: "" });
    expect(routeOf("/you/standing/").page).toBe("standing");
  });

  test("say so when there is no such page", () => {
    expect(routeOf("/room").page).toBe("missing");
    expect(routeOf("/sessions/x/y").page).toBe("missing");
  });

  test("keep the calendar and the room for members", () => {
    expect(isPublic("calendar")).toBe(false);
    expect(isPublic("rules")).toBe(true);
    expect(isBare("room")).toBe(true);
  });

  test("never lead to another site after signing in", () => {
    expect(safeNext("/room/b17")).toBe("/room/b17");
    for (const bad of ["//evil.example", "/\\evil", "https://evil.example", "javascript:x", "", null])
      expect(safeNext(bad)).toBe("/");
  });
});
