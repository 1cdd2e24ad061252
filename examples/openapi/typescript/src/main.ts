import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";
import { signing } from "./sign.js";

const env = (name: string): string => process.env[name] ?? fail(`${name} is not set`);

function fail(why: string): never {
  throw new Error(why);
}

const client = createClient<paths>({
  baseUrl: env("TTSHOP_ENDPOINT"),
  querySerializer: { array: { style: "form", explode: false } }, // ids=1,2
});
client.use(
  signing({ key: env("TTSHOP_APP_KEY"), secret: env("TTSHOP_APP_SECRET"), accessToken: env("TTSHOP_ACCESS_TOKEN") }),
);

// dataOf returns the data of an answer, or throws what the platform said.
function dataOf<T>(answer: { data?: { code: number; message: string; data?: T | null }; error?: unknown }): T {
  const envelope = answer.data ?? fail(JSON.stringify(answer.error));
  if (envelope.code !== 0) fail(`${envelope.code} ${envelope.message}`);
  return envelope.data ?? fail("an answer without data");
}

const { shops } = dataOf(await client.GET("/authorization/202309/shops"));
const shop_cipher = shops?.[0]?.cipher ?? fail("no shop");
dataOf(await client.GET("/seller/202309/shops"));

// Every page.
type Order = components["schemas"]["order.FoundOrder"];
const orders: Order[] = [];
let pages = 0;
for (let page_token: string | undefined; pages === 0 || page_token; pages++) {
  const query = { shop_cipher, page_size: 10, ...(page_token && { page_token }) };
  const page = dataOf(await client.POST("/order/202309/orders/search", { params: { query }, body: {} }));
  orders.push(...(page.orders ?? []));
  page_token = page.next_page_token;
}
console.log(`${orders.length} orders on ${pages} pages`);

// Known values are checked, and a new one of the platform's is taken.
const waiting: NonNullable<Order["status"]> = "AWAITING_SHIPMENT";
const unheard: NonNullable<Order["status"]> = "ADDED_LAST_WEEK";
if (orders.some((o) => o.status === unheard)) fail(`an order is ${unheard}, not ${waiting} or the like`);

const ids = orders.slice(0, 2).map((o) => o.id ?? fail("an order without id"));
const order_id = ids[0] ?? fail("no order");
const detail = dataOf(await client.GET("/order/202507/orders", { params: { query: { shop_cipher, ids } } }));
if (detail.orders?.[1]?.id !== ids[1]) fail("the details are of another order");
dataOf(await client.GET("/order/202407/orders/{order_id}/price_detail", { params: { path: { order_id }, query: { shop_cipher } } }));
dataOf(await client.GET("/logistics/202309/warehouses", { params: { query: { shop_cipher } } }));
dataOf(await client.GET("/finance/202309/statements", { params: { query: { shop_cipher, sort_field: "statement_time" } } }));
dataOf(
  await client.PUT("/event/202309/webhooks", {
    params: { query: { shop_cipher } },
    body: { address: "https://hooks.example.com/tiktok", event_type: "ORDER_STATUS_CHANGE" },
  }),
);
dataOf(await client.GET("/event/202309/webhooks", { params: { query: { shop_cipher } } }));

// A picture of one point.
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
dataOf(
  await client.POST("/customer_service/202309/images/upload", {
    params: { query: { shop_cipher } },
    body: { data: new Blob([Buffer.from(pixel, "base64")], { type: "image/png" }) },
    bodySerializer(body) {
      const form = new FormData();
      form.set("data", body.data, "pixel.png");
      return form;
    },
  }),
);
