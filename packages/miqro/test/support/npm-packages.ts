/** A package of npm that browsers use, and code that uses it. */
export interface NpmPackage {
  /** What to install; the major version is fixed, so that the code stays right. */
  readonly install: readonly string[];
  /** A module that leaves its result in `globalThis.result`. */
  readonly code: string;
  readonly result: unknown;
}

const element = (id: string) =>
  `document.body.innerHTML = '<div id="${id}"></div>'; const target = document.getElementById("${id}");`;

/** The first are those that an ordinary test run takes: each is written in another way. */
export const npmPackages: readonly NpmPackage[] = [
  {
    install: ["react@19", "react-dom@19"],
    code: `import { createElement, useEffect, useState } from "react"; import { createRoot } from "react-dom/client"; ${element("app")}
      function App() { const [count, set] = useState(0); useEffect(() => set(1), []); useEffect(() => { if (count === 1) globalThis.result = target.textContent; }, [count]); return createElement("b", null, "count " + count); }
      createRoot(target).render(createElement(App));`,
    result: "count 1",
  },
  {
    install: ["rxjs@7"],
    code: `import { from, map, lastValueFrom } from "rxjs"; import { filter } from "rxjs/operators"; globalThis.result = await lastValueFrom(from([1, 2, 3]).pipe(filter((n) => n < 3), map((n) => n * 10)));`,
    result: 20,
  },
  {
    install: ["axios@1"],
    code: `import axios, { AxiosHeaders } from "axios"; const { status } = await axios.get(location.href, { adapter: "xhr" }); globalThis.result = [status, typeof AxiosHeaders, typeof axios.create];`,
    result: [200, "function", "function"],
  },
  {
    install: ["lodash@4"],
    code: `import _, { chunk } from "lodash"; import debounce from "lodash/debounce"; import * as all from "lodash"; globalThis.result = [_.sum([1, 2]), chunk([1, 2, 3], 2).length, typeof debounce, all.capitalize("word")];`,
    result: [3, 2, "function", "Word"],
  },
  {
    install: ["socket.io-client@4"],
    code: `import { io, Manager } from "socket.io-client"; const socket = io(location.origin, { reconnection: false, transports: ["polling"] }); socket.on("connect_error", (error) => { globalThis.result = [error.message, socket.io instanceof Manager]; });`,
    result: ["xhr poll error", true],
  },
  {
    install: ["preact@10"],
    code: `import { h, render } from "preact"; import { useState } from "preact/hooks"; ${element("app")} function App() { const [text] = useState("preact"); return h("i", null, text); } render(h(App), target); globalThis.result = target.innerHTML;`,
    result: "<i>preact</i>",
  },
  {
    install: ["dayjs@1"],
    code: `import dayjs from "dayjs"; import utc from "dayjs/plugin/utc.js"; dayjs.extend(utc); globalThis.result = dayjs.utc("2026-01-31").add(1, "month").format("YYYY-MM-DD");`,
    result: "2026-02-28",
  },
  {
    install: ["lodash-es@4"],
    code: `import { groupBy } from "lodash-es"; import sortBy from "lodash-es/sortBy.js"; globalThis.result = [groupBy([1, 2, 3], (n) => n % 2), sortBy([2, 1])];`,
    result: [{ 0: [2], 1: [1, 3] }, [1, 2]],
  },
  {
    install: ["d3@7"],
    code: `import * as d3 from "d3"; ${element("app")} d3.select(target).selectAll("p").data([4, 8]).join("p").style("width", (d) => d3.scaleLinear([0, 8], [0, 100])(d) + "px"); globalThis.result = [...target.children].map((p) => p.style.width);`,
    result: ["50px", "100px"],
  },
  {
    install: ["three@0"],
    code: `import { BoxGeometry, Mesh, MeshBasicMaterial, Scene, Vector3 } from "three"; import { OrbitControls } from "three/addons/controls/OrbitControls.js"; const scene = new Scene(); scene.add(new Mesh(new BoxGeometry(), new MeshBasicMaterial())); globalThis.result = [scene.children.length, new Vector3(3, 4, 0).length(), typeof OrbitControls];`,
    result: [1, 5, "function"],
  },
  {
    install: ["chart.js@4"],
    code: `import Chart from "chart.js/auto"; document.body.innerHTML = '<canvas id="c" width="100" height="100"></canvas>'; const chart = new Chart("c", { type: "bar", data: { labels: ["a"], datasets: [{ data: [3] }] }, options: { animation: false, responsive: false } }); globalThis.result = chart.getDatasetMeta(0).data.length;`,
    result: 1,
  },
  {
    install: ["zod@4"],
    code: `import { z } from "zod"; globalThis.result = [z.object({ a: z.number() }).parse({ a: 1, b: 2 }), z.string().safeParse(1).success];`,
    result: [{ a: 1 }, false],
  },
  {
    install: ["xstate@5"],
    code: `import { createActor, createMachine } from "xstate"; const actor = createActor(createMachine({ initial: "off", states: { off: { on: { flip: "on" } }, on: {} } })).start(); actor.send({ type: "flip" }); globalThis.result = actor.getSnapshot().value;`,
    result: "on",
  },
  {
    install: ["@supabase/supabase-js@2"],
    code: `import { createClient } from "@supabase/supabase-js"; const client = createClient(location.origin, "key", { global: { fetch: async () => Response.json([{ id: 1 }]) } }); const { data } = await client.from("posts").select(); globalThis.result = [data, typeof client.auth.getSession];`,
    result: [[{ id: 1 }], "function"],
  },
  {
    install: ["@emotion/css@11"],
    code: `import { css, cx } from "@emotion/css"; ${element("app")} target.className = cx(css({ color: "rgb(1, 2, 3)" })); globalThis.result = getComputedStyle(target).color;`,
    result: "rgb(1, 2, 3)",
  },
  {
    install: ["flatpickr@4"],
    code: `import flatpickr from "flatpickr"; document.body.innerHTML = '<input id="i">'; const picker = flatpickr("#i", { dateFormat: "Y-m-d" }); picker.setDate("2026-03-04"); globalThis.result = document.getElementById("i").value;`,
    result: "2026-03-04",
  },
  {
    install: ["pdfjs-dist@5"],
    code: `import { getDocument, GlobalWorkerOptions, version } from "pdfjs-dist"; GlobalWorkerOptions.workerSrc = import.meta.resolve("pdfjs-dist/build/pdf.worker.mjs");
      const pdf = "%PDF-1.1\\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\\ntrailer<</Root 1 0 R>>";
      const { numPages } = await getDocument({ data: new TextEncoder().encode(pdf) }).promise; globalThis.result = [numPages, typeof version];`,
    result: [1, "string"],
  },
  {
    install: ["codemirror@6", "@codemirror/lang-javascript@6"],
    code: `import { basicSetup, EditorView } from "codemirror"; import { javascript } from "@codemirror/lang-javascript"; ${element("app")} const view = new EditorView({ doc: "let a", extensions: [basicSetup, javascript()], parent: target }); view.dispatch({ changes: { from: 5, insert: " = 1" } }); globalThis.result = target.querySelector(".cm-line").textContent;`,
    result: "let a = 1",
  },
  {
    install: ["uuid@11"],
    code: `import { v4, validate } from "uuid"; globalThis.result = validate(v4());`,
    result: true,
  },
  {
    install: ["nanoid@5"],
    code: `import { nanoid } from "nanoid"; globalThis.result = nanoid().length;`,
    result: 21,
  },
  {
    install: ["immer@10"],
    code: `import { produce } from "immer"; globalThis.result = produce({ a: [1] }, (draft) => { draft.a.push(2); });`,
    result: { a: [1, 2] },
  },
  {
    install: ["zustand@5", "react@19"],
    code: `import { create } from "zustand"; import { devtools } from "zustand/middleware"; const useStore = create(devtools((set) => ({ n: 1, up: () => set((s) => ({ n: s.n + 1 })) }))); useStore.getState().up(); globalThis.result = useStore.getState().n;`,
    result: 2,
  },
  {
    install: ["jotai@2", "react@19"],
    code: `import { atom, createStore } from "jotai"; const count = atom(1); const twice = atom((get) => get(count) * 2); const store = createStore(); store.set(count, 4); globalThis.result = store.get(twice);`,
    result: 8,
  },
  {
    install: ["redux@5"],
    code: `import { createStore, combineReducers } from "redux"; const store = createStore(combineReducers({ n: (n = 0, { type }) => (type === "up" ? n + 1 : n) })); store.dispatch({ type: "up" }); globalThis.result = store.getState();`,
    result: { n: 1 },
  },
  {
    install: ["@reduxjs/toolkit@2"],
    code: `import { configureStore, createSlice } from "@reduxjs/toolkit"; const slice = createSlice({ name: "s", initialState: { n: 0 }, reducers: { up: (state) => { state.n += 1; } } }); const store = configureStore({ reducer: slice.reducer }); store.dispatch(slice.actions.up()); globalThis.result = store.getState().n;`,
    result: 1,
  },
  {
    install: ["react-redux@9", "redux@5", "react@19", "react-dom@19"],
    code: `import { createElement } from "react"; import { createRoot } from "react-dom/client"; import { flushSync } from "react-dom"; import { Provider, useSelector } from "react-redux"; import { createStore } from "redux"; ${element("app")} const App = () => createElement("b", null, useSelector((s) => s.text)); flushSync(() => createRoot(target).render(createElement(Provider, { store: createStore(() => ({ text: "one react" })) }, createElement(App)))); globalThis.result = target.textContent;`,
    result: "one react",
  },
  {
    install: ["date-fns@4"],
    code: `import { addDays, format } from "date-fns"; globalThis.result = format(addDays(new Date(2026, 0, 31), 1), "yyyy-MM-dd");`,
    result: "2026-02-01",
  },
  {
    install: ["moment@2"],
    code: `import moment from "moment"; import "moment/locale/fr.js"; globalThis.result = moment("2026-01-05").locale("fr").format("D MMMM");`,
    result: "5 janvier",
  },
  {
    install: ["luxon@3"],
    code: `import { DateTime } from "luxon"; globalThis.result = DateTime.fromISO("2026-01-31").plus({ months: 1 }).toISODate();`,
    result: "2026-02-28",
  },
  {
    install: ["marked@16"],
    code: `import { marked } from "marked"; globalThis.result = marked.parse("# a").trim();`,
    result: "<h1>a</h1>",
  },
  {
    install: ["dompurify@3"],
    code: `import DOMPurify from "dompurify"; globalThis.result = DOMPurify.sanitize("<img src=x onerror=alert(1)>");`,
    result: '<img src="x">',
  },
  {
    install: ["highlight.js@11"],
    code: `import hljs from "highlight.js/lib/core"; import javascript from "highlight.js/lib/languages/javascript"; hljs.registerLanguage("js", javascript); globalThis.result = hljs.highlight("let a", { language: "js" }).value;`,
    result: '<span class="hljs-keyword">let</span> a',
  },
  {
    install: ["mobx@6"],
    code: `import { autorun, makeAutoObservable, runInAction } from "mobx"; const state = makeAutoObservable({ n: 1 }); const seen = []; autorun(() => seen.push(state.n)); runInAction(() => { state.n = 2; }); globalThis.result = seen;`,
    result: [1, 2],
  },
  {
    install: ["lit@3"],
    code: `import { html, LitElement } from "lit"; class Hello extends LitElement { render() { return html\`<b>\${"lit"}</b>\`; } } customElements.define("x-hello", Hello); const hello = document.body.appendChild(new Hello()); await hello.updateComplete; globalThis.result = hello.shadowRoot.querySelector("b").textContent;`,
    result: "lit",
  },
  {
    install: ["vue@3"],
    code: `import { createApp, h, ref } from "vue"; ${element("app")} const text = ref("vue"); createApp({ render: () => h("u", text.value) }).mount(target); globalThis.result = target.innerHTML;`,
    result: "<u>vue</u>",
  },
  {
    install: ["htm@3", "preact@10"],
    code: `import { html, render } from "htm/preact"; ${element("app")} render(html\`<s>\${"htm"}</s>\`, target); globalThis.result = target.innerHTML;`,
    result: "<s>htm</s>",
  },
  {
    install: ["qs@6"],
    code: `import qs from "qs"; globalThis.result = [qs.parse("a[b]=1"), qs.stringify({ c: [1, 2] }, { encode: false })];`,
    result: [{ a: { b: "1" } }, "c[0]=1&c[1]=2"],
  },
  {
    install: ["classnames@2"],
    code: `import classNames from "classnames"; globalThis.result = classNames("a", { b: true, c: false });`,
    result: "a b",
  },
  {
    install: ["leaflet@1"],
    code: `import * as L from "leaflet"; ${element("map")} target.style.height = "100px"; const map = L.map(target).setView([51, 7], 5); L.marker([51, 7]).addTo(map); globalThis.result = [map.getZoom(), document.querySelectorAll(".leaflet-marker-icon").length];`,
    result: [5, 1],
  },
  {
    install: ["gsap@3"],
    code: `import { gsap } from "gsap"; ${element("app")} gsap.set(target, { x: 10 }); globalThis.result = gsap.getProperty(target, "x");`,
    result: 10,
  },
  {
    install: ["mitt@3"],
    code: `import mitt from "mitt"; const bus = mitt(); bus.on("a", (value) => { globalThis.result = value; }); bus.emit("a", 5);`,
    result: 5,
  },
  {
    install: ["jquery@3"],
    code: `import $ from "jquery"; $(document.body).html("<p class=x>a</p>"); $(() => { globalThis.result = $(".x").text(); });`,
    result: "a",
  },
  {
    install: ["underscore@1"],
    code: `import _, { uniq } from "underscore"; globalThis.result = [uniq([1, 1]), _.max([1, 3])];`,
    result: [[1], 3],
  },
  {
    install: ["ramda@0"],
    code: `import * as R from "ramda"; globalThis.result = R.pipe(R.map(R.inc), R.sum)([1, 2]);`,
    result: 5,
  },
  {
    install: ["crypto-js@4"],
    code: `import CryptoJS from "crypto-js"; import sha256 from "crypto-js/sha256.js"; globalThis.result = [CryptoJS.MD5("a").toString(), sha256("a").toString().length];`,
    result: ["0cc175b9c0f1b6a831c399e269772661", 64],
  },
  {
    install: ["file-saver@2"],
    code: `import { saveAs } from "file-saver"; globalThis.result = typeof saveAs;`,
    result: "function",
  },
  {
    install: ["papaparse@5"],
    code: `import Papa from "papaparse"; globalThis.result = Papa.parse("a,b\\n1,2", { header: true }).data;`,
    result: [{ a: "1", b: "2" }],
  },
  {
    install: ["ajv@8"],
    code: `import { Ajv } from "ajv"; globalThis.result = new Ajv().validate({ type: "number" }, 1);`,
    result: true,
  },
  {
    install: ["handlebars@4"],
    code: `import Handlebars from "handlebars"; globalThis.result = Handlebars.compile("a {{b}}")({ b: 1 });`,
    result: "a 1",
  },
  {
    install: ["superagent@10"],
    code: `import superagent from "superagent"; globalThis.result = (await superagent.get(location.href)).status;`,
    result: 200,
  },
  {
    install: ["styled-components@6", "react@19", "react-dom@19"],
    code: `import styled from "styled-components"; import { createElement } from "react"; import { flushSync } from "react-dom"; import { createRoot } from "react-dom/client"; ${element("app")} const Red = styled.b\`color: rgb(9, 0, 0);\`; flushSync(() => createRoot(target).render(createElement(Red, null, "x"))); globalThis.result = getComputedStyle(target.firstChild).color;`,
    result: "rgb(9, 0, 0)",
  },
  {
    install: ["events@3", "buffer@6"],
    code: `import { EventEmitter } from "events"; import { Buffer } from "buffer"; const emitter = new EventEmitter(); emitter.once("a", (value) => { globalThis.result = value; }); emitter.emit("a", Buffer.from("aGk=", "base64").toString());`,
    result: "hi",
  },
  {
    install: ["pyodide@0.27"],
    code: `import { loadPyodide } from "pyodide"; const python = await loadPyodide({ indexURL: "/node_modules/pyodide/" }); globalThis.result = python.runPython("sum(range(4))");`,
    result: 6,
  },
  {
    install: ["yjs@13"],
    code: `import * as Y from "yjs"; const doc = new Y.Doc(); doc.getText("t").insert(0, "y"); globalThis.result = doc.getText("t").toString();`,
    result: "y",
  },
];
