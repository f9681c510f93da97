/** The page's entry: put the application into the document. Wiring only. */
import "./tokens.css";
import "./base.css";

import { render } from "preact";

import { App } from "@/view/app";

const page = document.getElementById("page");
if (page) render(<App />, page);
