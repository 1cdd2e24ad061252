import { createHmac } from "node:crypto";
import type { Middleware } from "openapi-fetch";

export interface App {
  key: string;
  secret: string;
  accessToken: string;
}

// signing signs every request for an app.
export function signing(app: App): Middleware {
  return {
    async onRequest({ request }) {
      const url = new URL(request.url);
      url.searchParams.set("app_key", app.key);
      url.searchParams.set("timestamp", String(Math.floor(Date.now() / 1000)));
      const multipart = request.headers.get("content-type")?.startsWith("multipart/form-data");
      const body = multipart ? "" : await request.clone().text();
      const pairs = [...url.searchParams]
        .filter(([name]) => name !== "sign" && name !== "access_token")
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => name + value);
      const base = app.secret + url.pathname + pairs.join("") + body + app.secret;
      url.searchParams.set("sign", createHmac("sha256", app.secret).update(base).digest("hex"));
      const signed = new Request(url, request);
      signed.headers.set("x-tts-access-token", app.accessToken);
      return signed;
    },
  };
}
