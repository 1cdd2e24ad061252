-- A copy that the first schema holds: made-up rows of a sandbox.
BEGIN TRANSACTION;
CREATE TABLE _ttshop_issues (
  shop_id text not null, table_name text not null, id text not null, column_name text not null,
  problem text not null, raw text, seen_at text not null,
  primary key (shop_id, table_name, id, column_name, problem)
) without rowid;
CREATE TABLE _ttshop_meta (
  name text primary key, value text not null
) without rowid;
INSERT INTO "_ttshop_meta" VALUES('schema','1');
CREATE TABLE _ttshop_shops (
  shop_id text primary key, name text not null default '', region text not null default '',
  epoch integer not null default 0, owner text not null default '', lease_until integer not null default 0,
  day text not null default '', used integer not null default 0, paused text
) without rowid;
INSERT INTO "_ttshop_shops" VALUES('7494026080208015263','Copper Finch','US',1,'',0,'2026-11-28',70,NULL);
CREATE TABLE _ttshop_state (
  shop_id text not null, stream text not null, cursor text, state text not null, updated_at text not null,
  primary key (shop_id, stream)
) without rowid;
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','cancellations','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1788116758,"to":1795892638}],"since":1788116758,"rows":31,"requests":2}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','inventory',NULL,'{"live":1795892759,"since":1788116758,"generation":1,"scanned":1795892759,"rows":103,"requests":1}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','orders','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1788116758,"to":1795892638}],"since":1788116758,"rows":325,"requests":5}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','packages','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1788116758,"to":1795892638}],"since":1788116758,"rows":203,"requests":6}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','products','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1546300800,"to":1795892638}],"since":1788116758,"rows":45,"requests":2}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','returns','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1788116758,"to":1795892638}],"since":1788116758,"rows":12,"requests":2}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','statement_transactions',NULL,'{"live":1795892760,"since":1788116758,"rows":77,"requests":50}','2026-11-28 19:06:00');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','statements','2026-11-28 19:03:58','{"start":1795892638,"cursor":1795892638,"live":1795892758,"done":[{"from":1788116758,"to":1795892638}],"since":1788116758,"rescans":[1795892758,1795892758,1795892758],"rows":50,"requests":1}','2026-11-28 19:05:59');
INSERT INTO "_ttshop_state" VALUES('7494026080208015263','warehouses',NULL,'{"live":1795892758,"since":1788116758,"generation":1,"scanned":1795892758,"rows":3,"requests":1}','2026-11-28 19:05:58');
CREATE TABLE _ttshop_todo (
  shop_id text not null, stream text not null, id text not null, reason text not null, mark integer not null,
  primary key (shop_id, stream, id)
) without rowid;
CREATE TABLE "cancellation_line_items" (
  shop_id text not null,
  "cancel_id" text not null,
  "cancel_line_item_id" text not null,
  "cancel_sub_line_items" text,
  "order_line_item_id" text,
  "product_image_height" integer,
  "product_image_url" text,
  "product_image_width" integer,
  "product_name" text,
  "refund_amount_buyer_service_fee" text,
  "refund_amount_currency" text,
  "refund_amount_refund_shipping_fee" text,
  "refund_amount_refund_subtotal" text,
  "refund_amount_refund_tax" text,
  "refund_amount_refund_total" text,
  "refund_amount_retail_delivery_fee" text,
  "seller_sku" text,
  "sku_id" text,
  "sku_name" text,
  primary key (shop_id, "cancel_id", "cancel_line_item_id")
);
INSERT INTO "cancellation_line_items" VALUES('7494026080208015263','4035000000914361746','4035000001577664912',NULL,'576401886239955467',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d',800,'Moonharbor Card Wallet Phone Case, Vegan Leather',NULL,'USD','0','27.9','2.3','30.2','0','MOO-189466-A','1729027838293801552','Terracotta');
INSERT INTO "cancellation_line_items" VALUES('7494026080208015263','4035000000914361746','4035000001720751723',NULL,'576401886730254362',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d',800,'Moonharbor Card Wallet Phone Case, Vegan Leather',NULL,'USD','0','27.9','2.3','30.2','0','MOO-189466-A','1729027838293801552','Terracotta');
INSERT INTO "cancellation_line_items" VALUES('7494026080208015263','4035000000914361746','4035000002043689537',NULL,'576401886935279616',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24',800,'Lumora Pilates Mat, Extra Thick 15 mm',NULL,'USD','0','45.48','3.75','49.23','0','LUM-42578-C','1729027871772275385','Sage');
INSERT INTO "cancellation_line_items" VALUES('7494026080208015263','4035000000914361746','4035000002070677007',NULL,'576401887484064133',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24',800,'Lumora Pilates Mat, Extra Thick 15 mm',NULL,'USD','3.99','45.48','4.08','53.55','0','LUM-42578-C','1729027871772275385','Sage');
INSERT INTO "cancellation_line_items" VALUES('7494026080208015263','4035000002889304662','4035000002996533107',NULL,'576401896983044589',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-03e087ik12~d5660af612cc5d8254249140f4306182',800,'Aurelle Clear Magnetic Phone Case',NULL,'USD','5.99','21.89','2.85','30.73','0','AUR-445693-B','1729027843512491850','Sage');
CREATE TABLE "cancellations" (
  shop_id text not null,
  "cancel_id" text not null,
  "cancel_reason" text,
  "cancel_reason_text" text,
  "cancel_status" text,
  "cancel_type" text,
  "create_time" text,
  "order_id" text,
  "refund_amount_buyer_service_fee" text,
  "refund_amount_currency" text,
  "refund_amount_refund_shipping_fee" text,
  "refund_amount_refund_subtotal" text,
  "refund_amount_refund_tax" text,
  "refund_amount_refund_total" text,
  "refund_amount_retail_delivery_fee" text,
  "role" text,
  "seller_next_action_response" text,
  "should_replenish_stock" integer,
  "update_time" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "cancel_id")
);
INSERT INTO "cancellations" VALUES('7494026080208015263','4035000000914361746','seller_cancel_reason_out_of_stock','Nothing left in stock','CANCELLATION_REQUEST_COMPLETE','CANCEL','2026-08-31 15:56:12','576401886028412589',NULL,'USD','3.99','146.76','12.43','163.18','0','SELLER','[]',1,'2026-08-31 16:06:12','3f3a3ded313718d98a14da4da551c48f','',1788192372,4294967313,0,'2026-11-28 19:05:59',NULL,'{"cancel_id":"4035000000914361746","order_id":"576401886028412589","cancel_type":"CANCEL","cancel_status":"CANCELLATION_REQUEST_COMPLETE","role":"SELLER","cancel_reason":"seller_cancel_reason_out_of_stock","cancel_reason_text":"Nothing left in stock","create_time":1788191772,"update_time":1788192372,"refund_amount":{"currency":"USD","refund_total":"163.18","refund_subtotal":"146.76","refund_shipping_fee":"3.99","refund_tax":"12.43","retail_delivery_fee":"0"},"cancel_line_items":[{"cancel_line_item_id":"4035000001577664912","order_line_item_id":"576401886239955467","sku_id":"1729027838293801552","sku_name":"Terracotta","seller_sku":"MOO-189466-A","product_name":"Moonharbor Card Wallet Phone Case, Vegan Leather","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"30.2","refund_subtotal":"27.9","refund_shipping_fee":"0","refund_tax":"2.3","retail_delivery_fee":"0"}},{"cancel_line_item_id":"4035000001720751723","order_line_item_id":"576401886730254362","sku_id":"1729027838293801552","sku_name":"Terracotta","seller_sku":"MOO-189466-A","product_name":"Moonharbor Card Wallet Phone Case, Vegan Leather","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"30.2","refund_subtotal":"27.9","refund_shipping_fee":"0","refund_tax":"2.3","retail_delivery_fee":"0"}},{"cancel_line_item_id":"4035000002043689537","order_line_item_id":"576401886935279616","sku_id":"1729027871772275385","sku_name":"Sage","seller_sku":"LUM-42578-C","product_name":"Lumora Pilates Mat, Extra Thick 15 mm","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"49.23","refund_subtotal":"45.48","refund_shipping_fee":"0","refund_tax":"3.75","retail_delivery_fee":"0"}},{"cancel_line_item_id":"4035000002070677007","order_line_item_id":"576401887484064133","sku_id":"1729027871772275385","sku_name":"Sage","seller_sku":"LUM-42578-C","product_name":"Lumora Pilates Mat, Extra Thick 15 mm","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"53.55","refund_subtotal":"45.48","refund_shipping_fee":"3.99","refund_tax":"4.08","retail_delivery_fee":"0"}}],"should_replenish_stock":true,"seller_next_action_response":[]}');
INSERT INTO "cancellations" VALUES('7494026080208015263','4035000002889304662','seller_cancel_reason_out_of_stock','Nothing left in stock','CANCELLATION_REQUEST_COMPLETE','CANCEL','2026-09-05 10:22:27','576401896596617513',NULL,'USD','5.99','21.89','2.85','30.73','0','SELLER','[]',1,'2026-09-05 10:32:27','6104d1eccb2edc535d34ad2d0a06db64','',1788604347,4294967313,0,'2026-11-28 19:05:59',NULL,'{"cancel_id":"4035000002889304662","order_id":"576401896596617513","cancel_type":"CANCEL","cancel_status":"CANCELLATION_REQUEST_COMPLETE","role":"SELLER","cancel_reason":"seller_cancel_reason_out_of_stock","cancel_reason_text":"Nothing left in stock","create_time":1788603747,"update_time":1788604347,"refund_amount":{"currency":"USD","refund_total":"30.73","refund_subtotal":"21.89","refund_shipping_fee":"5.99","refund_tax":"2.85","retail_delivery_fee":"0"},"cancel_line_items":[{"cancel_line_item_id":"4035000002996533107","order_line_item_id":"576401896983044589","sku_id":"1729027843512491850","sku_name":"Sage","seller_sku":"AUR-445693-B","product_name":"Aurelle Clear Magnetic Phone Case","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-03e087ik12~d5660af612cc5d8254249140f4306182","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"30.73","refund_subtotal":"21.89","refund_shipping_fee":"5.99","refund_tax":"2.85","retail_delivery_fee":"0"}}],"should_replenish_stock":true,"seller_next_action_response":[]}');
CREATE TABLE "inventory" (
  shop_id text not null,
  "sku_id" text not null,
  "warehouse_id" text not null,
  "product_id" text,
  "seller_sku" text,
  "available_quantity" integer,
  "committed_quantity" integer,
  "total_available_quantity" integer,
  "total_committed_quantity" integer,
  "total_available_inventory_distribution" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "sku_id", "warehouse_id")
);
INSERT INTO "inventory" VALUES('7494026080208015263','1729027818642890716','7300021045864831728','1729027818186376304','BRA-376304-A',245,0,245,0,'{"in_shop_inventory":{"quantity":245}}','a3a62f73051884318eb889fc656473e7','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027818186376304","sku":{"id":"1729027818642890716","seller_sku":"BRA-376304-A","total_available_quantity":245,"total_committed_quantity":0,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":245}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":245,"committed_quantity":0}]},"warehouse":{"warehouse_id":"7300021045864831728","available_quantity":245,"committed_quantity":0}}');
INSERT INTO "inventory" VALUES('7494026080208015263','1729027819465775800','7300021045864831728','1729027819281405724','AUR-405724-A',103,2,253,3,'{"in_shop_inventory":{"quantity":253}}','104fcec37c0751141848c546a3f302ba','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027819281405724","sku":{"id":"1729027819465775800","seller_sku":"AUR-405724-A","total_available_quantity":253,"total_committed_quantity":3,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":253}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":103,"committed_quantity":2},{"warehouse_id":"7300021046949423230","available_quantity":150,"committed_quantity":1}]},"warehouse":{"warehouse_id":"7300021045864831728","available_quantity":103,"committed_quantity":2}}');
INSERT INTO "inventory" VALUES('7494026080208015263','1729027819465775800','7300021046949423230','1729027819281405724','AUR-405724-A',150,1,253,3,'{"in_shop_inventory":{"quantity":253}}','8a4a830f6c17b453e936ea5ff1f4bdf4','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027819281405724","sku":{"id":"1729027819465775800","seller_sku":"AUR-405724-A","total_available_quantity":253,"total_committed_quantity":3,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":253}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":103,"committed_quantity":2},{"warehouse_id":"7300021046949423230","available_quantity":150,"committed_quantity":1}]},"warehouse":{"warehouse_id":"7300021046949423230","available_quantity":150,"committed_quantity":1}}');
INSERT INTO "inventory" VALUES('7494026080208015263','1729027819566593195','7300021045864831728','1729027819281405724','AUR-405724-B',29,4,367,4,'{"in_shop_inventory":{"quantity":367}}','427de7b0483454617f307bbbf6394323','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027819281405724","sku":{"id":"1729027819566593195","seller_sku":"AUR-405724-B","total_available_quantity":367,"total_committed_quantity":4,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":367}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":29,"committed_quantity":4},{"warehouse_id":"7300021046949423230","available_quantity":338,"committed_quantity":0}]},"warehouse":{"warehouse_id":"7300021045864831728","available_quantity":29,"committed_quantity":4}}');
INSERT INTO "inventory" VALUES('7494026080208015263','1729027819566593195','7300021046949423230','1729027819281405724','AUR-405724-B',338,0,367,4,'{"in_shop_inventory":{"quantity":367}}','3c9e6fd695fc19c5ed2228e3f2777745','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027819281405724","sku":{"id":"1729027819566593195","seller_sku":"AUR-405724-B","total_available_quantity":367,"total_committed_quantity":4,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":367}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":29,"committed_quantity":4},{"warehouse_id":"7300021046949423230","available_quantity":338,"committed_quantity":0}]},"warehouse":{"warehouse_id":"7300021046949423230","available_quantity":338,"committed_quantity":0}}');
INSERT INTO "inventory" VALUES('7494026080208015263','1729027820348802401','7300021045864831728','1729027819281405724','AUR-405724-C',111,3,111,3,'{"in_shop_inventory":{"quantity":111}}','f5cb3486c23b5cc3b2d3e05312a88fab','',0,4294967316,1,'2026-11-28 19:05:59',NULL,'{"product_id":"1729027819281405724","sku":{"id":"1729027820348802401","seller_sku":"AUR-405724-C","total_available_quantity":111,"total_committed_quantity":3,"total_available_inventory_distribution":{"in_shop_inventory":{"quantity":111}},"warehouse_inventory":[{"warehouse_id":"7300021045864831728","available_quantity":111,"committed_quantity":3}]},"warehouse":{"warehouse_id":"7300021045864831728","available_quantity":111,"committed_quantity":3}}');
CREATE TABLE "order_line_items" (
  shop_id text not null,
  "order_id" text not null,
  "buyer_service_fee" text,
  "cancel_reason" text,
  "cancel_user" text,
  "combined_listing_skus" text,
  "currency" text,
  "display_status" text,
  "distance_fee" text,
  "distance_shipping_fee" text,
  "gift_retail_price" text,
  "handling_duration_days" text,
  "id" text not null,
  "is_dangerous_good" integer,
  "is_gift" integer,
  "is_temporary_listing" integer,
  "is_unboxing_item" integer,
  "item_tax" text,
  "needs_prescription" integer,
  "original_price" text,
  "package_id" text,
  "package_status" text,
  "pfand_fee" text,
  "platform_discount" text,
  "pod_order_data_id" text,
  "product_id" text,
  "product_name" text,
  "retail_delivery_fee" text,
  "room_id" text,
  "rts_time" text,
  "sale_price" text,
  "seller_discount" text,
  "seller_sku" text,
  "shipping_provider_id" text,
  "shipping_provider_name" text,
  "shipping_vat_amount" text,
  "shipping_vat_rate" text,
  "sku_id" text,
  "sku_image" text,
  "sku_name" text,
  "sku_type" text,
  "small_order_fee" text,
  "tracking_number" text,
  "unboxing_sku_code" text,
  primary key (shop_id, "order_id", "id")
);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401886028412589',NULL,'Nothing left in stock','SELLER',NULL,'USD','CANCELLED',NULL,NULL,'0',NULL,'576401886239955467',0,0,NULL,NULL,'[{"tax_type":"SALES_TAX","tax_amount":"2.3","tax_rate":"0.0825"}]',NULL,'27.9',NULL,NULL,NULL,'0',NULL,'1729027837392189466','Moonharbor Card Wallet Phone Case, Vegan Leather',NULL,NULL,NULL,'27.9','0','MOO-189466-A',NULL,NULL,NULL,NULL,'1729027838293801552','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d','Terracotta','NORMAL',NULL,NULL,NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401886028412589',NULL,'Nothing left in stock','SELLER',NULL,'USD','CANCELLED',NULL,NULL,'0',NULL,'576401886730254362',0,0,NULL,NULL,'[{"tax_type":"SALES_TAX","tax_amount":"2.3","tax_rate":"0.0825"}]',NULL,'27.9',NULL,NULL,NULL,'0',NULL,'1729027837392189466','Moonharbor Card Wallet Phone Case, Vegan Leather',NULL,NULL,NULL,'27.9','0','MOO-189466-A',NULL,NULL,NULL,NULL,'1729027838293801552','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d','Terracotta','NORMAL',NULL,NULL,NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401886028412589',NULL,'Nothing left in stock','SELLER',NULL,'USD','CANCELLED',NULL,NULL,'0',NULL,'576401886935279616',0,0,NULL,NULL,'[{"tax_type":"SALES_TAX","tax_amount":"3.75","tax_rate":"0.0825"}]',NULL,'45.48',NULL,NULL,NULL,'0',NULL,'1729027870346042578','Lumora Pilates Mat, Extra Thick 15 mm',NULL,NULL,NULL,'45.48','0','LUM-42578-C',NULL,NULL,NULL,NULL,'1729027871772275385','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24','Sage','NORMAL',NULL,NULL,NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401886028412589',NULL,'Nothing left in stock','SELLER',NULL,'USD','CANCELLED',NULL,NULL,'0',NULL,'576401887484064133',0,0,NULL,NULL,'[{"tax_type":"SALES_TAX","tax_amount":"3.75","tax_rate":"0.0825"}]',NULL,'45.48',NULL,NULL,NULL,'0',NULL,'1729027870346042578','Lumora Pilates Mat, Extra Thick 15 mm',NULL,NULL,NULL,'45.48','0','LUM-42578-C',NULL,NULL,NULL,NULL,'1729027871772275385','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24','Sage','NORMAL',NULL,NULL,NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401888292361008',NULL,NULL,NULL,NULL,'USD','COMPLETED',NULL,NULL,'0',NULL,'576401889025479297',0,0,NULL,NULL,NULL,NULL,'10.89','1152020683206457196','COMPLETED',NULL,'0',NULL,'1729027825403709319','Brambly Travel Tin Candle, 20 Hours',NULL,NULL,'2026-08-31 17:08:53','9.15','1.74','BRA-709319-B','7117859084333745966','UPS',NULL,NULL,'1729027826425013267','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-n3xottk0wr~6ae03a450aab37d8e89f8ab31d1f51db','Unscented','NORMAL',NULL,'1Z994450556207',NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401888292361008',NULL,NULL,NULL,NULL,'USD','COMPLETED',NULL,NULL,'0',NULL,'576401889149963225',0,0,NULL,NULL,NULL,NULL,'18.9','1152020683206457196','COMPLETED',NULL,'0',NULL,'1729027827099270943','Aurelle Hyaluronic Hydration Serum, 50 ml',NULL,NULL,'2026-08-31 17:08:53','15.88','3.02','AUR-270943-A','7117859084333745966','UPS',NULL,NULL,'1729027827506266990','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-pepmtwe70q~5ec598d54b842bc019e18baac915d29e','Default','NORMAL',NULL,'1Z994450556207',NULL);
INSERT INTO "order_line_items" VALUES('7494026080208015263','576401890171376340',NULL,NULL,NULL,NULL,'USD','COMPLETED',NULL,NULL,'0',NULL,'576401890200506450',0,0,NULL,NULL,'[{"tax_type":"SALES_TAX","tax_amount":"1.14","tax_rate":"0.0800"}]',NULL,'14.19','1152020683340013145','COMPLETED',NULL,'0',NULL,'1729027828613583166','Velisse Packable Shopper, Folds into Pouch',NULL,NULL,'2026-09-03 19:48:29','14.19','0','VEL-583166-B','7129720299146184490','FedEx',NULL,NULL,'1729027829622031503','http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-nb095key0e~8ef3b382cd94b53c9fb8c46487f48b1f','Terracotta','NORMAL',NULL,'7712198372152187',NULL);
CREATE TABLE "order_packages" (
  shop_id text not null,
  "order_id" text not null,
  "id" text not null,
  primary key (shop_id, "order_id", "id")
);
INSERT INTO "order_packages" VALUES('7494026080208015263','576401888292361008','1152020683206457196');
INSERT INTO "order_packages" VALUES('7494026080208015263','576401890171376340','1152020683340013145');
CREATE TABLE "orders" (
  shop_id text not null,
  "auto_combine_group_id" text,
  "buyer_avatar" text,
  "buyer_email" text,
  "buyer_message" text,
  "buyer_nickname" text,
  "cancel_order_sla_time" text,
  "cancel_reason" text,
  "cancel_time" text,
  "cancellation_initiator" text,
  "channel_entity_national_registry_id" text,
  "collection_due_time" text,
  "collection_time" text,
  "commerce_platform" text,
  "consultation_id" text,
  "cpf" text,
  "cpf_name" text,
  "create_time" text,
  "delivery_due_time" text,
  "delivery_option_id" text,
  "delivery_option_name" text,
  "delivery_option_required_delivery_time" text,
  "delivery_sla_time" text,
  "delivery_time" text,
  "delivery_type" text,
  "exchange_source_order_id" text,
  "fast_delivery_program" text,
  "fast_dispatch_sla_time" text,
  "fulfillment_priority_level" integer,
  "fulfillment_type" text,
  "handling_duration_days" text,
  "handling_duration_type" text,
  "has_updated_recipient_address" integer,
  "id" text not null,
  "is_buyer_request_cancel" integer,
  "is_cod" integer,
  "is_exchange_order" integer,
  "is_on_hold_order" integer,
  "is_replacement_order" integer,
  "is_sample_order" integer,
  "is_subscription_order" integer,
  "need_upload_invoice" text,
  "order_rights" text,
  "order_type" text,
  "paid_time" text,
  "payment_buyer_service_fee" text,
  "payment_currency" text,
  "payment_distance_fee" text,
  "payment_distance_shipping_fee" text,
  "payment_handling_fee" text,
  "payment_item_insurance_fee" text,
  "payment_item_insurance_tax" text,
  "payment_original_shipping_fee" text,
  "payment_original_total_product_price" text,
  "payment_payment_discount_service_fee" text,
  "payment_payment_platform_discount" text,
  "payment_platform_discount" text,
  "payment_product_tax" text,
  "payment_retail_delivery_fee" text,
  "payment_seller_discount" text,
  "payment_shipping_fee" text,
  "payment_shipping_fee_cofunded_discount" text,
  "payment_shipping_fee_platform_discount" text,
  "payment_shipping_fee_seller_discount" text,
  "payment_shipping_fee_tax" text,
  "payment_shipping_insurance_fee" text,
  "payment_shipping_tax_amount" text,
  "payment_shipping_tax_rate" text,
  "payment_small_order_fee" text,
  "payment_sub_total" text,
  "payment_tax" text,
  "payment_total_amount" text,
  "payment_auth_code" text,
  "payment_method_code" text,
  "payment_method_name" text,
  "pick_up_cut_off_time" text,
  "recipient_address_address_detail" text,
  "recipient_address_address_line1" text,
  "recipient_address_address_line2" text,
  "recipient_address_address_line3" text,
  "recipient_address_address_line4" text,
  "recipient_address_delivery_preferences" text,
  "recipient_address_district_info" text,
  "recipient_address_first_name" text,
  "recipient_address_first_name_local_script" text,
  "recipient_address_full_address" text,
  "recipient_address_last_name" text,
  "recipient_address_last_name_local_script" text,
  "recipient_address_name" text,
  "recipient_address_phone_number" text,
  "recipient_address_post_town" text,
  "recipient_address_postal_code" text,
  "recipient_address_region_code" text,
  "recommended_shipping_time" text,
  "release_date" text,
  "replaced_order_id" text,
  "request_cancel_time" text,
  "rts_sla_time" text,
  "rts_time" text,
  "seller_note" text,
  "shipping_due_time" text,
  "shipping_provider" text,
  "shipping_provider_id" text,
  "shipping_type" text,
  "split_or_combine_tag" text,
  "status" text,
  "tracking_number" text,
  "tts_sla_time" text,
  "update_time" text,
  "user_id" text,
  "warehouse_id" text,
  "payment_card_type" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "id")
);
INSERT INTO "orders" VALUES('7494026080208015263',NULL,'h:bf7a399258ddb362c8e0bcf4','h:8f7c0bae7e98047230bfe2ad','h:aff00a44e3b788b37d17f4ce','h:44a96852d2fe40035cc94140','2026-09-04 14:59:51','Nothing left in stock','2026-08-31 15:56:12','SELLER',NULL,NULL,NULL,'TIKTOK_SHOP',NULL,NULL,NULL,'2026-08-31 14:59:51',NULL,'7091518284000111111','Express Shipping',NULL,'2026-09-08 15:00:44',NULL,'HOME_DELIVERY',NULL,NULL,NULL,NULL,'FULFILLMENT_BY_SELLER',NULL,NULL,0,'576401886028412589',0,0,NULL,0,0,0,NULL,NULL,NULL,'NORMAL','2026-08-31 15:00:44',NULL,'USD',NULL,NULL,NULL,NULL,NULL,'3.99','146.76',NULL,NULL,'0','12.1','0','0','3.99','0','0','0','0.33',NULL,NULL,NULL,NULL,'146.76','12.43','163.18',NULL,NULL,'PayPal',NULL,'h:cbcf367f14344fdb429004a0','h:cbcf367f14344fdb429004a0','','','','{"drop_off_location":"Garage"}','[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Texas","iso_code":"TX"},{"address_level":"L2","address_level_name":"County","address_name":"Travis County"},{"address_level":"L3","address_level_name":"City","address_name":"Austin"}]','h:44d7c1b898b2bda4ce18d7d8',NULL,'h:30baa49efa0d7f7aef129801','h:54214b838f2cd2acc1ccc2ce',NULL,'h:72ff6c8b50bd6acf7f1d4a33','h:97c398cde80345f6c71322a0',NULL,'h:c8f11af5d402cc705aaf6f12','US',NULL,NULL,NULL,NULL,'2026-09-02 15:00:44',NULL,NULL,'2026-09-04 15:00:44','','','TIKTOK',NULL,'CANCELLED','','2026-09-03 15:00:44','2026-08-31 15:56:12','7021017316761949895','7300021045864831728',NULL,'3a9a6b4e29cd573ca531c2beb3dde280','',1788191772,4294967303,0,'2026-11-28 19:05:58',NULL,'{"id":"576401886028412589","status":"CANCELLED","order_type":"NORMAL","create_time":1788188391,"update_time":1788191772,"paid_time":1788188444,"cancel_time":1788191772,"cancel_reason":"Nothing left in stock","cancellation_initiator":"SELLER","rts_sla_time":1788361244,"tts_sla_time":1788447644,"cancel_order_sla_time":1788533991,"shipping_due_time":1788534044,"delivery_sla_time":1788879644,"user_id":"7021017316761949895","buyer_email":"h:8f7c0bae7e98047230bfe2ad","buyer_nickname":"h:44a96852d2fe40035cc94140","buyer_avatar":"h:bf7a399258ddb362c8e0bcf4","buyer_message":"h:aff00a44e3b788b37d17f4ce","is_cod":false,"is_sample_order":false,"is_on_hold_order":false,"is_buyer_request_cancel":false,"is_replacement_order":false,"has_updated_recipient_address":false,"fulfillment_type":"FULFILLMENT_BY_SELLER","shipping_type":"TIKTOK","delivery_type":"HOME_DELIVERY","commerce_platform":"TIKTOK_SHOP","delivery_option_id":"7091518284000111111","delivery_option_name":"Express Shipping","shipping_provider":"","shipping_provider_id":"","tracking_number":"","warehouse_id":"7300021045864831728","payment_method_name":"PayPal","payment":{"currency":"USD","original_total_product_price":"146.76","seller_discount":"0","platform_discount":"0","sub_total":"146.76","original_shipping_fee":"3.99","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0","shipping_fee_cofunded_discount":"0","shipping_fee":"3.99","tax":"12.43","product_tax":"12.1","shipping_fee_tax":"0.33","retail_delivery_fee":"0","total_amount":"163.18"},"recipient_address":{"region_code":"US","name":"h:72ff6c8b50bd6acf7f1d4a33","first_name":"h:44d7c1b898b2bda4ce18d7d8","last_name":"h:54214b838f2cd2acc1ccc2ce","phone_number":"h:97c398cde80345f6c71322a0","full_address":"h:30baa49efa0d7f7aef129801","address_detail":"h:cbcf367f14344fdb429004a0","address_line1":"h:cbcf367f14344fdb429004a0","address_line2":"","address_line3":"","address_line4":"","postal_code":"h:c8f11af5d402cc705aaf6f12","district_info":[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Texas","iso_code":"TX"},{"address_level":"L2","address_level_name":"County","address_name":"Travis County"},{"address_level":"L3","address_level_name":"City","address_name":"Austin"}],"delivery_preferences":{"drop_off_location":"Garage"}},"line_items":[{"id":"576401886239955467","product_id":"1729027837392189466","product_name":"Moonharbor Card Wallet Phone Case, Vegan Leather","sku_id":"1729027838293801552","sku_name":"Terracotta","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d","sku_type":"NORMAL","seller_sku":"MOO-189466-A","display_status":"CANCELLED","currency":"USD","original_price":"27.9","seller_discount":"0","platform_discount":"0","sale_price":"27.9","gift_retail_price":"0","item_tax":[{"tax_type":"SALES_TAX","tax_amount":"2.3","tax_rate":"0.0825"}],"is_gift":false,"is_dangerous_good":false,"cancel_reason":"Nothing left in stock","cancel_user":"SELLER"},{"id":"576401886730254362","product_id":"1729027837392189466","product_name":"Moonharbor Card Wallet Phone Case, Vegan Leather","sku_id":"1729027838293801552","sku_name":"Terracotta","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-i9y13kimy7~9277081d52ac13a139e8f4aa9a33ff8d","sku_type":"NORMAL","seller_sku":"MOO-189466-A","display_status":"CANCELLED","currency":"USD","original_price":"27.9","seller_discount":"0","platform_discount":"0","sale_price":"27.9","gift_retail_price":"0","item_tax":[{"tax_type":"SALES_TAX","tax_amount":"2.3","tax_rate":"0.0825"}],"is_gift":false,"is_dangerous_good":false,"cancel_reason":"Nothing left in stock","cancel_user":"SELLER"},{"id":"576401886935279616","product_id":"1729027870346042578","product_name":"Lumora Pilates Mat, Extra Thick 15 mm","sku_id":"1729027871772275385","sku_name":"Sage","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24","sku_type":"NORMAL","seller_sku":"LUM-42578-C","display_status":"CANCELLED","currency":"USD","original_price":"45.48","seller_discount":"0","platform_discount":"0","sale_price":"45.48","gift_retail_price":"0","item_tax":[{"tax_type":"SALES_TAX","tax_amount":"3.75","tax_rate":"0.0825"}],"is_gift":false,"is_dangerous_good":false,"cancel_reason":"Nothing left in stock","cancel_user":"SELLER"},{"id":"576401887484064133","product_id":"1729027870346042578","product_name":"Lumora Pilates Mat, Extra Thick 15 mm","sku_id":"1729027871772275385","sku_name":"Sage","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-00debd4rr1~912825b387bc26d6c98f7609deac4f24","sku_type":"NORMAL","seller_sku":"LUM-42578-C","display_status":"CANCELLED","currency":"USD","original_price":"45.48","seller_discount":"0","platform_discount":"0","sale_price":"45.48","gift_retail_price":"0","item_tax":[{"tax_type":"SALES_TAX","tax_amount":"3.75","tax_rate":"0.0825"}],"is_gift":false,"is_dangerous_good":false,"cancel_reason":"Nothing left in stock","cancel_user":"SELLER"}],"packages":[]}');
INSERT INTO "orders" VALUES('7494026080208015263',NULL,'h:ea72dc1065db405e9ff76801','h:999b20dc1d099a53e354f021','','h:c826c6bc1953b9d6d3bb8f6b','2026-09-04 16:30:52',NULL,NULL,NULL,NULL,'2026-09-05 17:08:53','2026-09-01 01:00:11','TIKTOK_SHOP',NULL,NULL,NULL,'2026-08-31 16:30:52','2026-09-21 01:00:11','7091516284000111111','Economy Shipping',NULL,'2026-09-08 16:31:45','2026-09-03 05:38:00','HOME_DELIVERY',NULL,NULL,NULL,NULL,'FULFILLMENT_BY_SELLER',NULL,NULL,0,'576401888292361008',0,0,NULL,0,0,0,NULL,NULL,NULL,'NORMAL','2026-08-31 16:31:45',NULL,'USD',NULL,NULL,NULL,NULL,NULL,'4.99','29.79',NULL,NULL,'0','0','0','4.76','0','0','4.99','0','0',NULL,NULL,NULL,NULL,'25.03','0','25.03',NULL,NULL,'PayPal',NULL,'h:04cee9898ad3f94d733f7d7c','h:04cee9898ad3f94d733f7d7c','','','','{"drop_off_location":"Front Door"}','[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Oregon","iso_code":"OR"},{"address_level":"L2","address_level_name":"County","address_name":"Multnomah County"},{"address_level":"L3","address_level_name":"City","address_name":"Portland"}]','h:34be84abc4492971d714af37',NULL,'h:8512c77cc3ab00e365af2b8a','h:d5d51329bf78a741e1f15ad9',NULL,'h:3bca5f78819ac58714e2317a','h:7b7636d9023ac32b7ddb0335',NULL,'h:652e325c5d956396ec8790dd','US',NULL,NULL,NULL,NULL,'2026-09-02 16:31:45','2026-08-31 17:08:53',NULL,'2026-09-04 16:31:45','UPS','7117859084333745966','TIKTOK',NULL,'COMPLETED','1Z994450556207','2026-09-03 16:31:45','2026-09-08 04:33:38','7021017294691130637','7300021045864831728',NULL,'125cd980f0e2ac9a5621d1271cff55b5','',1788842018,4294967303,0,'2026-11-28 19:05:58',NULL,'{"id":"576401888292361008","status":"COMPLETED","order_type":"NORMAL","create_time":1788193852,"update_time":1788842018,"paid_time":1788193905,"rts_time":1788196133,"collection_time":1788224411,"delivery_time":1788413880,"rts_sla_time":1788366705,"tts_sla_time":1788453105,"cancel_order_sla_time":1788539452,"shipping_due_time":1788539505,"collection_due_time":1788628133,"delivery_due_time":1789952411,"delivery_sla_time":1788885105,"user_id":"7021017294691130637","buyer_email":"h:999b20dc1d099a53e354f021","buyer_nickname":"h:c826c6bc1953b9d6d3bb8f6b","buyer_avatar":"h:ea72dc1065db405e9ff76801","buyer_message":"","is_cod":false,"is_sample_order":false,"is_on_hold_order":false,"is_buyer_request_cancel":false,"is_replacement_order":false,"has_updated_recipient_address":false,"fulfillment_type":"FULFILLMENT_BY_SELLER","shipping_type":"TIKTOK","delivery_type":"HOME_DELIVERY","commerce_platform":"TIKTOK_SHOP","delivery_option_id":"7091516284000111111","delivery_option_name":"Economy Shipping","shipping_provider":"UPS","shipping_provider_id":"7117859084333745966","tracking_number":"1Z994450556207","warehouse_id":"7300021045864831728","payment_method_name":"PayPal","payment":{"currency":"USD","original_total_product_price":"29.79","seller_discount":"4.76","platform_discount":"0","sub_total":"25.03","original_shipping_fee":"4.99","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"4.99","shipping_fee_cofunded_discount":"0","shipping_fee":"0","tax":"0","product_tax":"0","shipping_fee_tax":"0","retail_delivery_fee":"0","total_amount":"25.03"},"recipient_address":{"region_code":"US","name":"h:3bca5f78819ac58714e2317a","first_name":"h:34be84abc4492971d714af37","last_name":"h:d5d51329bf78a741e1f15ad9","phone_number":"h:7b7636d9023ac32b7ddb0335","full_address":"h:8512c77cc3ab00e365af2b8a","address_detail":"h:04cee9898ad3f94d733f7d7c","address_line1":"h:04cee9898ad3f94d733f7d7c","address_line2":"","address_line3":"","address_line4":"","postal_code":"h:652e325c5d956396ec8790dd","district_info":[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Oregon","iso_code":"OR"},{"address_level":"L2","address_level_name":"County","address_name":"Multnomah County"},{"address_level":"L3","address_level_name":"City","address_name":"Portland"}],"delivery_preferences":{"drop_off_location":"Front Door"}},"line_items":[{"id":"576401889025479297","product_id":"1729027825403709319","product_name":"Brambly Travel Tin Candle, 20 Hours","sku_id":"1729027826425013267","sku_name":"Unscented","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-n3xottk0wr~6ae03a450aab37d8e89f8ab31d1f51db","sku_type":"NORMAL","seller_sku":"BRA-709319-B","display_status":"COMPLETED","currency":"USD","original_price":"10.89","seller_discount":"1.74","platform_discount":"0","sale_price":"9.15","gift_retail_price":"0","is_gift":false,"is_dangerous_good":false,"package_id":"1152020683206457196","package_status":"COMPLETED","shipping_provider_id":"7117859084333745966","shipping_provider_name":"UPS","tracking_number":"1Z994450556207","rts_time":1788196133},{"id":"576401889149963225","product_id":"1729027827099270943","product_name":"Aurelle Hyaluronic Hydration Serum, 50 ml","sku_id":"1729027827506266990","sku_name":"Default","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-pepmtwe70q~5ec598d54b842bc019e18baac915d29e","sku_type":"NORMAL","seller_sku":"AUR-270943-A","display_status":"COMPLETED","currency":"USD","original_price":"18.9","seller_discount":"3.02","platform_discount":"0","sale_price":"15.88","gift_retail_price":"0","is_gift":false,"is_dangerous_good":false,"package_id":"1152020683206457196","package_status":"COMPLETED","shipping_provider_id":"7117859084333745966","shipping_provider_name":"UPS","tracking_number":"1Z994450556207","rts_time":1788196133}],"packages":[{"id":"1152020683206457196"}]}');
INSERT INTO "orders" VALUES('7494026080208015263',NULL,'h:96066946ba287e5d10f8c8d7','h:60c2995070fa83cb3eeeb581','','h:cab30ba2ee8cd7862d975ce8','2026-09-07 05:09:02',NULL,NULL,NULL,NULL,'2026-09-08 19:48:29','2026-09-04 04:16:26','TIKTOK_SHOP',NULL,NULL,NULL,'2026-09-03 05:09:02','2026-09-24 04:16:26','7091517284000111111','Standard Shipping',NULL,'2026-09-11 05:09:24','2026-09-06 01:34:28','HOME_DELIVERY',NULL,NULL,NULL,NULL,'FULFILLMENT_BY_SELLER',NULL,NULL,0,'576401890171376340',0,0,NULL,0,0,0,NULL,NULL,NULL,'NORMAL','2026-09-03 05:09:24',NULL,'USD',NULL,NULL,NULL,NULL,NULL,'3.99','14.19',NULL,NULL,'0','1.14','0','0','3.99','0','0','0','0.32',NULL,NULL,NULL,NULL,'14.19','1.46','19.64',NULL,NULL,'Apple Pay',NULL,'h:3bea1cd345918acb890a84f7','h:3bea1cd345918acb890a84f7','','','','{"drop_off_location":"Garage"}','[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Georgia","iso_code":"GA"},{"address_level":"L2","address_level_name":"County","address_name":"DeKalb County"},{"address_level":"L3","address_level_name":"City","address_name":"Decatur"}]','h:4cb56709494514bf473540ca',NULL,'h:2d2529b262df4ff130da7a74','h:3b42b33b16f7523a8848faf9',NULL,'h:0730f2140c7f170314242c6c','h:17d85913895ff26fa54c078f',NULL,'h:86e3fdba618531750650e9e1','US',NULL,NULL,NULL,NULL,'2026-09-05 05:09:24','2026-09-03 19:48:29',NULL,'2026-09-07 05:09:24','FedEx','7129720299146184490','TIKTOK',NULL,'COMPLETED','7712198372152187','2026-09-06 05:09:24','2026-09-15 02:35:38','7021017303282380389','7300021045864831728',NULL,'ace1e00d4dee90be874e30b45c28e63c','',1789439738,4294967303,0,'2026-11-28 19:05:58',NULL,'{"id":"576401890171376340","status":"COMPLETED","order_type":"NORMAL","create_time":1788412142,"update_time":1789439738,"paid_time":1788412164,"rts_time":1788464909,"collection_time":1788495386,"delivery_time":1788658468,"rts_sla_time":1788584964,"tts_sla_time":1788671364,"cancel_order_sla_time":1788757742,"shipping_due_time":1788757764,"collection_due_time":1788896909,"delivery_due_time":1790223386,"delivery_sla_time":1789103364,"user_id":"7021017303282380389","buyer_email":"h:60c2995070fa83cb3eeeb581","buyer_nickname":"h:cab30ba2ee8cd7862d975ce8","buyer_avatar":"h:96066946ba287e5d10f8c8d7","buyer_message":"","is_cod":false,"is_sample_order":false,"is_on_hold_order":false,"is_buyer_request_cancel":false,"is_replacement_order":false,"has_updated_recipient_address":false,"fulfillment_type":"FULFILLMENT_BY_SELLER","shipping_type":"TIKTOK","delivery_type":"HOME_DELIVERY","commerce_platform":"TIKTOK_SHOP","delivery_option_id":"7091517284000111111","delivery_option_name":"Standard Shipping","shipping_provider":"FedEx","shipping_provider_id":"7129720299146184490","tracking_number":"7712198372152187","warehouse_id":"7300021045864831728","payment_method_name":"Apple Pay","payment":{"currency":"USD","original_total_product_price":"14.19","seller_discount":"0","platform_discount":"0","sub_total":"14.19","original_shipping_fee":"3.99","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0","shipping_fee_cofunded_discount":"0","shipping_fee":"3.99","tax":"1.46","product_tax":"1.14","shipping_fee_tax":"0.32","retail_delivery_fee":"0","total_amount":"19.64"},"recipient_address":{"region_code":"US","name":"h:0730f2140c7f170314242c6c","first_name":"h:4cb56709494514bf473540ca","last_name":"h:3b42b33b16f7523a8848faf9","phone_number":"h:17d85913895ff26fa54c078f","full_address":"h:2d2529b262df4ff130da7a74","address_detail":"h:3bea1cd345918acb890a84f7","address_line1":"h:3bea1cd345918acb890a84f7","address_line2":"","address_line3":"","address_line4":"","postal_code":"h:86e3fdba618531750650e9e1","district_info":[{"address_level":"L0","address_level_name":"Country","address_name":"United States","iso_code":"US"},{"address_level":"L1","address_level_name":"State","address_name":"Georgia","iso_code":"GA"},{"address_level":"L2","address_level_name":"County","address_name":"DeKalb County"},{"address_level":"L3","address_level_name":"City","address_name":"Decatur"}],"delivery_preferences":{"drop_off_location":"Garage"}},"line_items":[{"id":"576401890200506450","product_id":"1729027828613583166","product_name":"Velisse Packable Shopper, Folds into Pouch","sku_id":"1729027829622031503","sku_name":"Terracotta","sku_image":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-nb095key0e~8ef3b382cd94b53c9fb8c46487f48b1f","sku_type":"NORMAL","seller_sku":"VEL-583166-B","display_status":"COMPLETED","currency":"USD","original_price":"14.19","seller_discount":"0","platform_discount":"0","sale_price":"14.19","gift_retail_price":"0","item_tax":[{"tax_type":"SALES_TAX","tax_amount":"1.14","tax_rate":"0.0800"}],"is_gift":false,"is_dangerous_good":false,"package_id":"1152020683340013145","package_status":"COMPLETED","shipping_provider_id":"7129720299146184490","shipping_provider_name":"FedEx","tracking_number":"7712198372152187","rts_time":1788464909}],"packages":[{"id":"1152020683340013145"}]}');
CREATE TABLE "package_orders" (
  shop_id text not null,
  "package_id" text not null,
  "order_id" text not null,
  "skus" text,
  primary key (shop_id, "package_id", "order_id")
);
INSERT INTO "package_orders" VALUES('7494026080208015263','1152020683206457196','576401888292361008','[{"id":"1729027826425013267","name":"Brambly Travel Tin Candle, 20 Hours","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-n3xottk0wr~6ae03a450aab37d8e89f8ab31d1f51db","quantity":1},{"id":"1729027827506266990","name":"Aurelle Hyaluronic Hydration Serum, 50 ml","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-pepmtwe70q~5ec598d54b842bc019e18baac915d29e","quantity":1}]');
INSERT INTO "package_orders" VALUES('7494026080208015263','1152020683340013145','576401890171376340','[{"id":"1729027829622031503","name":"Velisse Packable Shopper, Folds into Pouch","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-nb095key0e~8ef3b382cd94b53c9fb8c46487f48b1f","quantity":1}]');
CREATE TABLE "packages" (
  shop_id text not null,
  "create_time" text,
  "id" text not null,
  "order_line_item_ids" text,
  "shipping_provider_id" text,
  "shipping_provider_name" text,
  "status" text,
  "tracking_number" text,
  "update_time" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "id")
);
INSERT INTO "packages" VALUES('7494026080208015263','2026-08-31 17:08:53','1152020683206457196','["576401889025479297","576401889149963225"]','7117859084333745966','UPS','COMPLETED','1Z994450556207','2026-09-03 05:38:00','8c4ad5f4708cc21ffe2a9ec9a7efe7aa','',1788413880,4294967307,0,'2026-11-28 19:05:59',NULL,'{"id":"1152020683206457196","status":"COMPLETED","create_time":1788196133,"update_time":1788413880,"order_line_item_ids":["576401889025479297","576401889149963225"],"orders":[{"id":"576401888292361008","skus":[{"id":"1729027826425013267","name":"Brambly Travel Tin Candle, 20 Hours","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-n3xottk0wr~6ae03a450aab37d8e89f8ab31d1f51db","quantity":1},{"id":"1729027827506266990","name":"Aurelle Hyaluronic Hydration Serum, 50 ml","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-pepmtwe70q~5ec598d54b842bc019e18baac915d29e","quantity":1}]}],"shipping_provider_id":"7117859084333745966","shipping_provider_name":"UPS","tracking_number":"1Z994450556207"}');
INSERT INTO "packages" VALUES('7494026080208015263','2026-09-03 19:48:29','1152020683340013145','["576401890200506450"]','7129720299146184490','FedEx','COMPLETED','7712198372152187','2026-09-06 01:34:28','22434c8a7f2386719856ef35ad330e75','',1788658468,4294967307,0,'2026-11-28 19:05:59',NULL,'{"id":"1152020683340013145","status":"COMPLETED","create_time":1788464909,"update_time":1788658468,"order_line_item_ids":["576401890200506450"],"orders":[{"id":"576401890171376340","skus":[{"id":"1729027829622031503","name":"Velisse Packable Shopper, Folds into Pouch","image_url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-nb095key0e~8ef3b382cd94b53c9fb8c46487f48b1f","quantity":1}]}],"shipping_provider_id":"7129720299146184490","shipping_provider_name":"FedEx","tracking_number":"7712198372152187"}');
CREATE TABLE "products" (
  shop_id text not null,
  "audit_pre_approved_reasons" text,
  "audit_status" text,
  "create_time" text,
  "has_draft" integer,
  "id" text not null,
  "integrated_platform_statuses" text,
  "is_not_for_sale" integer,
  "listing_quality_tier" text,
  "product_families" text,
  "product_sync_fail_reasons" text,
  "product_tags" text,
  "recommended_categories" text,
  "sales_regions" text,
  "status" text,
  "title" text,
  "update_time" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "id")
);
INSERT INTO "products" VALUES('7494026080208015263','[]','APPROVED','2026-01-21 20:50:52',0,'1729027819281405724',NULL,0,'FAIR',NULL,NULL,'[]','[]','["US"]','ACTIVATE','Aurelle Heavyweight Organic Cotton T-Shirt','2026-01-25 09:39:07','6add2df0d51088f664d140f97d810b7c','',1769333947,4294967314,0,'2026-11-28 19:05:59',NULL,'{"id":"1729027819281405724","title":"Aurelle Heavyweight Organic Cotton T-Shirt","status":"ACTIVATE","sales_regions":["US"],"create_time":1769028652,"update_time":1769333947,"skus":[{"id":"1729027819465775800","seller_sku":"AUR-405724-A","price":{"currency":"USD","sale_price":"24","tax_exclusive_price":"24"},"inventory":[{"warehouse_id":"7300021045864831728","quantity":103},{"warehouse_id":"7300021046949423230","quantity":150}],"status_info":{"status":"NORMAL"}},{"id":"1729027819566593195","seller_sku":"AUR-405724-B","price":{"currency":"USD","sale_price":"26.4","tax_exclusive_price":"26.4"},"inventory":[{"warehouse_id":"7300021045864831728","quantity":29},{"warehouse_id":"7300021046949423230","quantity":338}],"list_price":{"amount":"33","currency":"USD"},"status_info":{"status":"NORMAL"}},{"id":"1729027820348802401","seller_sku":"AUR-405724-C","price":{"currency":"USD","sale_price":"28.8","tax_exclusive_price":"28.8"},"inventory":[{"warehouse_id":"7300021045864831728","quantity":111}],"status_info":{"status":"NORMAL"}}],"audit":{"status":"APPROVED","pre_approved_reasons":[]},"is_not_for_sale":false,"listing_quality_tier":"FAIR","has_draft":false,"product_tags":[],"recommended_categories":[]}');
INSERT INTO "products" VALUES('7494026080208015263','[]','APPROVED','2026-01-14 23:08:06',0,'1729027818186376304',NULL,0,'GOOD',NULL,NULL,'[]','[]','["US"]','ACTIVATE','Brambly End Grain Chopping Board, Walnut','2026-01-16 01:59:15','533326030f9fb5b39cb07f33fa0a1ed4','',1768528755,4294967314,0,'2026-11-28 19:05:59',NULL,'{"id":"1729027818186376304","title":"Brambly End Grain Chopping Board, Walnut","status":"ACTIVATE","sales_regions":["US"],"create_time":1768432086,"update_time":1768528755,"skus":[{"id":"1729027818642890716","seller_sku":"BRA-376304-A","price":{"currency":"USD","sale_price":"79","tax_exclusive_price":"79"},"inventory":[{"warehouse_id":"7300021045864831728","quantity":245}],"list_price":{"amount":"98.75","currency":"USD"},"status_info":{"status":"NORMAL"}}],"audit":{"status":"APPROVED","pre_approved_reasons":[]},"is_not_for_sale":false,"listing_quality_tier":"GOOD","has_draft":false,"product_tags":[],"recommended_categories":[]}');
CREATE TABLE "return_line_items" (
  shop_id text not null,
  "return_id" text not null,
  "order_line_item_id" text,
  "product_image_height" integer,
  "product_image_url" text,
  "product_image_width" integer,
  "product_name" text,
  "refund_amount_buyer_service_fee" text,
  "refund_amount_currency" text,
  "refund_amount_refund_shipping_fee" text,
  "refund_amount_refund_subtotal" text,
  "refund_amount_refund_tax" text,
  "refund_amount_refund_total" text,
  "refund_amount_retail_delivery_fee" text,
  "return_line_item_id" text not null,
  "return_sub_line_items" text,
  "seller_sku" text,
  "sku_id" text,
  "sku_name" text,
  primary key (shop_id, "return_id", "return_line_item_id")
);
INSERT INTO "return_line_items" VALUES('7494026080208015263','4035000045367561761','576402061934713416',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-qk6ecz5b7y~90609a79064e30daeb3eb33caa3b9837',800,'Lumora Canvas Market Tote, Reinforced Handles',NULL,'USD','0','0','0','0','0','4035000045525696573',NULL,'LUM-729857-A','1729027842192302174','Navy');
INSERT INTO "return_line_items" VALUES('7494026080208015263','4035000046113594630','576402065727437726',800,'http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-lyn20ljf46~0a117f52cd1fa869dc33a4d89bcc0bf5',800,'Aurelle Heavyweight Organic Cotton T-Shirt',NULL,'USD','5.99','26.4','2.86','35.53','0.28','4035000047159093373',NULL,'AUR-405724-B','1729027819566593195','XL');
CREATE TABLE "returns" (
  shop_id text not null,
  "arbitration_status" text,
  "buyer_rejected_partial_refund" integer,
  "can_buyer_keep_item" integer,
  "combined_return_id" text,
  "create_time" text,
  "discount_amount" text,
  "exchange_order_lines" text,
  "handover_method" text,
  "is_combined_return" integer,
  "is_quick_refund" integer,
  "next_return_id" text,
  "order_id" text,
  "partial_refund_amount" text,
  "partial_refund_currency" text,
  "pre_return_id" text,
  "refund_amount_buyer_service_fee" text,
  "refund_amount_currency" text,
  "refund_amount_refund_shipping_fee" text,
  "refund_amount_refund_subtotal" text,
  "refund_amount_refund_tax" text,
  "refund_amount_refund_total" text,
  "refund_amount_retail_delivery_fee" text,
  "reshipment_order_id" text,
  "return_id" text not null,
  "return_method" text,
  "return_provider_id" text,
  "return_provider_name" text,
  "return_reason" text,
  "return_reason_text" text,
  "return_shipping_document_type" text,
  "return_status" text,
  "return_sub_line_items" text,
  "return_tracking_number" text,
  "return_type" text,
  "return_warehouse_address_full_address" text,
  "role" text,
  "seller_next_action_response" text,
  "seller_proposed_return_type" text,
  "shipment_type" text,
  "shipping_fee_amount" text,
  "update_time" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "return_id")
);
INSERT INTO "returns" VALUES('7494026080208015263',NULL,0,0,'0','2026-11-28 18:05:57','[{"currency":"USD","product_seller_discount":"0","product_platform_discount":"0","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0"}]',NULL,NULL,0,0,NULL,'576402061342323116',NULL,NULL,NULL,NULL,'USD','0','0','0','0','0',NULL,'4035000045367561761',NULL,NULL,NULL,'ecom_order_delivered_refund_reason_damaged','Item or wrapping damaged',NULL,'RETURN_OR_REFUND_REQUEST_PENDING',NULL,NULL,'REFUND',NULL,'BUYER','[{"action":"SELLER_RESPOND_REFUND","deadline":1796061957}]',NULL,NULL,'[{"currency":"USD","buyer_paid_return_shipping_fee":"0","seller_paid_return_shipping_fee":"0","platform_paid_return_shipping_fee":"0"}]','2026-11-28 18:05:57','605c96cd22b6f26f7880cd205c557868','',1795889157,4294967312,0,'2026-11-28 19:05:59',NULL,'{"return_id":"4035000045367561761","order_id":"576402061342323116","return_type":"REFUND","return_status":"RETURN_OR_REFUND_REQUEST_PENDING","role":"BUYER","return_reason":"ecom_order_delivered_refund_reason_damaged","return_reason_text":"Item or wrapping damaged","create_time":1795889157,"update_time":1795889157,"refund_amount":{"currency":"USD","refund_total":"0","refund_subtotal":"0","refund_shipping_fee":"0","refund_tax":"0","retail_delivery_fee":"0"},"return_line_items":[{"return_line_item_id":"4035000045525696573","order_line_item_id":"576402061934713416","sku_id":"1729027842192302174","sku_name":"Navy","seller_sku":"LUM-729857-A","product_name":"Lumora Canvas Market Tote, Reinforced Handles","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-qk6ecz5b7y~90609a79064e30daeb3eb33caa3b9837","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"0","refund_subtotal":"0","refund_shipping_fee":"0","refund_tax":"0","retail_delivery_fee":"0"}}],"discount_amount":[{"currency":"USD","product_seller_discount":"0","product_platform_discount":"0","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0"}],"shipping_fee_amount":[{"currency":"USD","buyer_paid_return_shipping_fee":"0","seller_paid_return_shipping_fee":"0","platform_paid_return_shipping_fee":"0"}],"seller_next_action_response":[{"action":"SELLER_RESPOND_REFUND","deadline":1796061957}],"buyer_rejected_partial_refund":false,"can_buyer_keep_item":false,"is_combined_return":false,"combined_return_id":"0","is_quick_refund":false}');
INSERT INTO "returns" VALUES('7494026080208015263',NULL,0,0,'0','2026-11-28 18:05:57','[{"currency":"USD","product_seller_discount":"0","product_platform_discount":"0","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0"}]',NULL,'DROP_OFF',0,0,NULL,'576402064856447951',NULL,NULL,NULL,NULL,'USD','5.99','26.4','2.86','35.53','0.28',NULL,'4035000046113594630',NULL,NULL,NULL,'buyer_return_and_refund_color_or_pattern_not_as_expected','Colour or pattern disappoints',NULL,'RETURN_OR_REFUND_REQUEST_PENDING',NULL,NULL,'RETURN_AND_REFUND',NULL,'BUYER','[{"action":"SELLER_RESPOND_RETURN","deadline":1796061957}]',NULL,'PLATFORM','[{"currency":"USD","buyer_paid_return_shipping_fee":"0","seller_paid_return_shipping_fee":"0","platform_paid_return_shipping_fee":"0"}]','2026-11-28 18:05:57','5b87e1c5de1b5025700c19f9a13c4be7','',1795889157,4294967312,0,'2026-11-28 19:05:59',NULL,'{"return_id":"4035000046113594630","order_id":"576402064856447951","return_type":"RETURN_AND_REFUND","return_status":"RETURN_OR_REFUND_REQUEST_PENDING","role":"BUYER","return_reason":"buyer_return_and_refund_color_or_pattern_not_as_expected","return_reason_text":"Colour or pattern disappoints","create_time":1795889157,"update_time":1795889157,"refund_amount":{"currency":"USD","refund_total":"35.53","refund_subtotal":"26.4","refund_shipping_fee":"5.99","refund_tax":"2.86","retail_delivery_fee":"0.28"},"return_line_items":[{"return_line_item_id":"4035000047159093373","order_line_item_id":"576402065727437726","sku_id":"1729027819566593195","sku_name":"XL","seller_sku":"AUR-405724-B","product_name":"Aurelle Heavyweight Organic Cotton T-Shirt","product_image":{"url":"http://127.0.0.1:35093/_sandbox/images/tos-sandbox-i-lyn20ljf46~0a117f52cd1fa869dc33a4d89bcc0bf5","width":800,"height":800},"refund_amount":{"currency":"USD","refund_total":"35.53","refund_subtotal":"26.4","refund_shipping_fee":"5.99","refund_tax":"2.86","retail_delivery_fee":"0.28"}}],"discount_amount":[{"currency":"USD","product_seller_discount":"0","product_platform_discount":"0","shipping_fee_seller_discount":"0","shipping_fee_platform_discount":"0"}],"shipping_fee_amount":[{"currency":"USD","buyer_paid_return_shipping_fee":"0","seller_paid_return_shipping_fee":"0","platform_paid_return_shipping_fee":"0"}],"seller_next_action_response":[{"action":"SELLER_RESPOND_RETURN","deadline":1796061957}],"buyer_rejected_partial_refund":false,"can_buyer_keep_item":false,"is_combined_return":false,"combined_return_id":"0","is_quick_refund":false,"shipment_type":"PLATFORM","handover_method":"DROP_OFF"}');
CREATE TABLE "skus" (
  shop_id text not null,
  "product_id" text not null,
  "external_list_prices" text,
  "fees" text,
  "id" text not null,
  "list_price_amount" text,
  "list_price_currency" text,
  "pre_sale_fulfillment_type" text,
  "pre_sale_type" text,
  "price_currency" text,
  "price_sale_price" text,
  "price_tax_exclusive_price" text,
  "seller_sku" text,
  "status_info_deactivation_source" text,
  "status_info_status" text,
  primary key (shop_id, "product_id", "id")
);
INSERT INTO "skus" VALUES('7494026080208015263','1729027819281405724',NULL,NULL,'1729027819465775800',NULL,NULL,NULL,NULL,'USD','24','24','AUR-405724-A',NULL,'NORMAL');
INSERT INTO "skus" VALUES('7494026080208015263','1729027819281405724',NULL,NULL,'1729027819566593195','33','USD',NULL,NULL,'USD','26.4','26.4','AUR-405724-B',NULL,'NORMAL');
INSERT INTO "skus" VALUES('7494026080208015263','1729027819281405724',NULL,NULL,'1729027820348802401',NULL,NULL,NULL,NULL,'USD','28.8','28.8','AUR-405724-C',NULL,'NORMAL');
INSERT INTO "skus" VALUES('7494026080208015263','1729027818186376304',NULL,NULL,'1729027818642890716','98.75','USD',NULL,NULL,'USD','79','79','BRA-376304-A',NULL,'NORMAL');
CREATE TABLE "statement_transactions" (
  shop_id text not null,
  "adjustment_amount" text,
  "adjustment_id" text,
  "adjustment_order_id" text,
  "associated_order_id" text,
  "estimated_release_time" text,
  "fee_tax_amount" text,
  "fee_tax_breakdown_fee" text,
  "fee_tax_breakdown_tax" text,
  "id" text,
  "order_create_time" text,
  "order_id" text,
  "reserve_amount" text,
  "reserve_id" text,
  "reserve_status" text,
  "revenue_amount" text,
  "revenue_breakdown_cod_service_fee_amount" text,
  "revenue_breakdown_distant_item_fee_amount" text,
  "revenue_breakdown_refund_cod_service_fee_amount" text,
  "revenue_breakdown_refund_subtotal_before_discount_amount" text,
  "revenue_breakdown_seller_discount_amount" text,
  "revenue_breakdown_seller_discount_refund_amount" text,
  "revenue_breakdown_subtotal_before_discount_amount" text,
  "settlement_amount" text,
  "shipping_cost_amount" text,
  "shipping_cost_breakdown_actual_shipping_fee_amount" text,
  "shipping_cost_breakdown_customer_paid_shipping_fee_amount" text,
  "shipping_cost_breakdown_distant_shipping_fee_amount" text,
  "shipping_cost_breakdown_exchange_shipping_fee_amount" text,
  "shipping_cost_breakdown_failed_delivery_subsidy_amount" text,
  "shipping_cost_breakdown_fbt_free_shipping_fee_amount" text,
  "shipping_cost_fbt_fulfillment_fee_reimbursement_amount" text,
  "shipping_cost_breakdown_fbt_key_merchant_subsidy" text,
  "shipping_cost_breakdown_fbt_overall_merchant_subsidy" text,
  "shipping_cost_breakdown_free_return_subsidy_amount" text,
  "shipping_cost_breakdown_international_leg_logistics_amount" text,
  "shipping_cost_breakdown_logistics_service_fee" text,
  "shipping_cost_breakdown_replacement_shipping_fee_amount" text,
  "shipping_cost_breakdown_return_shipping_fee_amount" text,
  "shipping_cost_breakdown_return_shipping_fee_paid_buyer_amount" text,
  "shipping_cost_breakdown_return_shipping_label_fee_amount" text,
  "shipping_cost_breakdown_seller_self_shipping_service_fee_amount" text,
  "shipping_cost_breakdown_shipping_app_service_fee_amount" text,
  "shipping_cost_breakdown_shipping_fee_discount_amount" text,
  "shipping_cost_breakdown_shipping_fee_guarantee_reimbursement" text,
  "shipping_cost_breakdown_shipping_insurance_fee_amount" text,
  "shipping_cost_breakdown_signature_confirmation_fee_amount" text,
  "shipping_cost_breakdown_supplementary_component" text,
  "shipping_cost_breakdown_tiktok_shop_shipping_incentive_amount" text,
  "supplementary_component_customer_payment_amount" text,
  "supplementary_component_customer_refund_amount" text,
  "supplementary_component_platform_cofunded_discount_amount" text,
  "supplementary_platform_cofunded_discount_refund_amount" text,
  "supplementary_component_platform_discount_amount" text,
  "supplementary_component_platform_discount_refund_amount" text,
  "supplementary_component_retail_delivery_fee_amount" text,
  "supplementary_component_retail_delivery_fee_payment_amount" text,
  "supplementary_component_retail_delivery_fee_refund_amount" text,
  "supplementary_component_sales_tax_amount" text,
  "supplementary_component_sales_tax_payment_amount" text,
  "supplementary_component_sales_tax_refund_amount" text,
  "supplementary_component_seller_cofunded_discount_amount" text,
  "supplementary_component_seller_cofunded_discount_refund_amount" text,
  "type" text not null,
  "statement_id" text not null,
  "transaction_id" text not null,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "statement_id", "type", "transaction_id")
);
INSERT INTO "statement_transactions" VALUES('7494026080208015263','0',NULL,NULL,NULL,NULL,'-8.28','{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-8.28","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"}','{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}','7489620095767833275','2026-10-06 06:40:26','576401969410485170','0',NULL,NULL,'138','0','0','0','0','0','0','138','129.72','0','-3.99','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','3.99',NULL,'0','0','{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"}','0','150.44','0','0','0','0','0','0.28','0.28','0','12.16','12.16','0','0','0','ORDER','7114059017039710542','7489620095767833275','3a615ecbe5b98a02b4b67351d57f0ed5','',0,4294967317,4294967317,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","fee_tax_amount":"-8.28","fee_tax_breakdown":{"fee":{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-8.28","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"},"tax":{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}},"id":"7489620095767833275","order_create_time":1791268826,"order_id":"576401969410485170","reserve_amount":"0","revenue_amount":"138","revenue_breakdown":{"cod_service_fee_amount":"0","distant_item_fee_amount":"0","refund_cod_service_fee_amount":"0","refund_subtotal_before_discount_amount":"0","seller_discount_amount":"0","seller_discount_refund_amount":"0","subtotal_before_discount_amount":"138"},"settlement_amount":"129.72","shipping_cost_amount":"0","shipping_cost_breakdown":{"actual_shipping_fee_amount":"-3.99","customer_paid_shipping_fee_amount":"0","distant_shipping_fee_amount":"0","exchange_shipping_fee_amount":"0","failed_delivery_subsidy_amount":"0","fbt_free_shipping_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_key_merchant_subsidy":"0","fbt_overall_merchant_subsidy":"0","free_return_subsidy_amount":"0","international_leg_logistics_amount":"0","logistics_service_fee":"0","replacement_shipping_fee_amount":"0","return_shipping_fee_amount":"0","return_shipping_fee_paid_buyer_amount":"0","return_shipping_label_fee_amount":"0","seller_self_shipping_service_fee_amount":"0","shipping_app_service_fee_amount":"0","shipping_fee_discount_amount":"3.99","shipping_insurance_fee_amount":"0","signature_confirmation_fee_amount":"0","supplementary_component":{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"},"tiktok_shop_shipping_incentive_amount":"0"},"supplementary_component":{"customer_payment_amount":"150.44","customer_refund_amount":"0","platform_cofunded_discount_amount":"0","platform_cofunded_discount_refund_amount":"0","platform_discount_amount":"0","platform_discount_refund_amount":"0","retail_delivery_fee_amount":"0.28","retail_delivery_fee_payment_amount":"0.28","retail_delivery_fee_refund_amount":"0","sales_tax_amount":"12.16","sales_tax_payment_amount":"12.16","sales_tax_refund_amount":"0","seller_cofunded_discount_amount":"0","seller_cofunded_discount_refund_amount":"0"},"type":"ORDER"}');
INSERT INTO "statement_transactions" VALUES('7494026080208015263','0',NULL,NULL,NULL,NULL,'-4.37','{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-4.37","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"}','{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}','7340096755299012950','2026-10-08 08:03:29','576401972714063856','0',NULL,NULL,'72.8','0','0','0','0','0','0','72.8','65.44','-2.99','-2.99','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',NULL,'0','0','{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"}','0','79.5','0','0','0','0','0','0.28','0.28','0','6.42','6.42','0','0','0','ORDER','7114059017039710542','7340096755299012950','b6abaca54e51b85ea591bb4bddc631a7','',0,4294967317,4294967317,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","fee_tax_amount":"-4.37","fee_tax_breakdown":{"fee":{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-4.37","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"},"tax":{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}},"id":"7340096755299012950","order_create_time":1791446609,"order_id":"576401972714063856","reserve_amount":"0","revenue_amount":"72.8","revenue_breakdown":{"cod_service_fee_amount":"0","distant_item_fee_amount":"0","refund_cod_service_fee_amount":"0","refund_subtotal_before_discount_amount":"0","seller_discount_amount":"0","seller_discount_refund_amount":"0","subtotal_before_discount_amount":"72.8"},"settlement_amount":"65.44","shipping_cost_amount":"-2.99","shipping_cost_breakdown":{"actual_shipping_fee_amount":"-2.99","customer_paid_shipping_fee_amount":"0","distant_shipping_fee_amount":"0","exchange_shipping_fee_amount":"0","failed_delivery_subsidy_amount":"0","fbt_free_shipping_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_key_merchant_subsidy":"0","fbt_overall_merchant_subsidy":"0","free_return_subsidy_amount":"0","international_leg_logistics_amount":"0","logistics_service_fee":"0","replacement_shipping_fee_amount":"0","return_shipping_fee_amount":"0","return_shipping_fee_paid_buyer_amount":"0","return_shipping_label_fee_amount":"0","seller_self_shipping_service_fee_amount":"0","shipping_app_service_fee_amount":"0","shipping_fee_discount_amount":"0","shipping_insurance_fee_amount":"0","signature_confirmation_fee_amount":"0","supplementary_component":{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"},"tiktok_shop_shipping_incentive_amount":"0"},"supplementary_component":{"customer_payment_amount":"79.5","customer_refund_amount":"0","platform_cofunded_discount_amount":"0","platform_cofunded_discount_refund_amount":"0","platform_discount_amount":"0","platform_discount_refund_amount":"0","retail_delivery_fee_amount":"0.28","retail_delivery_fee_payment_amount":"0.28","retail_delivery_fee_refund_amount":"0","sales_tax_amount":"6.42","sales_tax_payment_amount":"6.42","sales_tax_refund_amount":"0","seller_cofunded_discount_amount":"0","seller_cofunded_discount_refund_amount":"0"},"type":"ORDER"}');
INSERT INTO "statement_transactions" VALUES('7494026080208015263','0',NULL,NULL,NULL,NULL,'-18.18','{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"-11.89","affiliate_commission_amount_before_pit":"-11.89","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-6.29","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"}','{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}','7224727365332938004','2026-11-15 11:00:11','576402068832804579','0',NULL,NULL,'104.85','0','0','0','0','0','0','104.85','86.67','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',NULL,'0','0','{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"}','0','114.16','0','0','0','0','0','0','0','0','9.31','9.31','0','0','0','ORDER','7126306263700273281','7224727365332938004','1921ea044d335ae004f2d6194c1bedab','',0,4294967318,4294967318,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","fee_tax_amount":"-18.18","fee_tax_breakdown":{"fee":{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"-11.89","affiliate_commission_amount_before_pit":"-11.89","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-6.29","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"},"tax":{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}},"id":"7224727365332938004","order_create_time":1794740411,"order_id":"576402068832804579","reserve_amount":"0","revenue_amount":"104.85","revenue_breakdown":{"cod_service_fee_amount":"0","distant_item_fee_amount":"0","refund_cod_service_fee_amount":"0","refund_subtotal_before_discount_amount":"0","seller_discount_amount":"0","seller_discount_refund_amount":"0","subtotal_before_discount_amount":"104.85"},"settlement_amount":"86.67","shipping_cost_amount":"0","shipping_cost_breakdown":{"actual_shipping_fee_amount":"0","customer_paid_shipping_fee_amount":"0","distant_shipping_fee_amount":"0","exchange_shipping_fee_amount":"0","failed_delivery_subsidy_amount":"0","fbt_free_shipping_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_key_merchant_subsidy":"0","fbt_overall_merchant_subsidy":"0","free_return_subsidy_amount":"0","international_leg_logistics_amount":"0","logistics_service_fee":"0","replacement_shipping_fee_amount":"0","return_shipping_fee_amount":"0","return_shipping_fee_paid_buyer_amount":"0","return_shipping_label_fee_amount":"0","seller_self_shipping_service_fee_amount":"0","shipping_app_service_fee_amount":"0","shipping_fee_discount_amount":"0","shipping_insurance_fee_amount":"0","signature_confirmation_fee_amount":"0","supplementary_component":{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"},"tiktok_shop_shipping_incentive_amount":"0"},"supplementary_component":{"customer_payment_amount":"114.16","customer_refund_amount":"0","platform_cofunded_discount_amount":"0","platform_cofunded_discount_refund_amount":"0","platform_discount_amount":"0","platform_discount_refund_amount":"0","retail_delivery_fee_amount":"0","retail_delivery_fee_payment_amount":"0","retail_delivery_fee_refund_amount":"0","sales_tax_amount":"9.31","sales_tax_payment_amount":"9.31","sales_tax_refund_amount":"0","seller_cofunded_discount_amount":"0","seller_cofunded_discount_refund_amount":"0"},"type":"ORDER"}');
INSERT INTO "statement_transactions" VALUES('7494026080208015263','0',NULL,NULL,NULL,NULL,'-6.42','{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"-2.55","affiliate_commission_amount_before_pit":"-2.55","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-3.87","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"}','{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}','7432869523153395235','2026-11-18 05:03:58','576402087724872201','0',NULL,NULL,'64.48','0','0','0','0','-9.61','0','74.09','60.06','2','0','2','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',NULL,'0','0','{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"}','0','73.3','0','0','0','0','0','0','0','0','6.82','6.82','0','0','0','ORDER','7126306263700273281','7432869523153395235','b4ea4190fec4863d8097ce19a06384c2','',0,4294967318,4294967318,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","fee_tax_amount":"-6.42","fee_tax_breakdown":{"fee":{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"-2.55","affiliate_commission_amount_before_pit":"-2.55","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-3.87","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"},"tax":{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}},"id":"7432869523153395235","order_create_time":1794978238,"order_id":"576402087724872201","reserve_amount":"0","revenue_amount":"64.48","revenue_breakdown":{"cod_service_fee_amount":"0","distant_item_fee_amount":"0","refund_cod_service_fee_amount":"0","refund_subtotal_before_discount_amount":"0","seller_discount_amount":"-9.61","seller_discount_refund_amount":"0","subtotal_before_discount_amount":"74.09"},"settlement_amount":"60.06","shipping_cost_amount":"2","shipping_cost_breakdown":{"actual_shipping_fee_amount":"0","customer_paid_shipping_fee_amount":"2","distant_shipping_fee_amount":"0","exchange_shipping_fee_amount":"0","failed_delivery_subsidy_amount":"0","fbt_free_shipping_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_key_merchant_subsidy":"0","fbt_overall_merchant_subsidy":"0","free_return_subsidy_amount":"0","international_leg_logistics_amount":"0","logistics_service_fee":"0","replacement_shipping_fee_amount":"0","return_shipping_fee_amount":"0","return_shipping_fee_paid_buyer_amount":"0","return_shipping_label_fee_amount":"0","seller_self_shipping_service_fee_amount":"0","shipping_app_service_fee_amount":"0","shipping_fee_discount_amount":"0","shipping_insurance_fee_amount":"0","signature_confirmation_fee_amount":"0","supplementary_component":{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"},"tiktok_shop_shipping_incentive_amount":"0"},"supplementary_component":{"customer_payment_amount":"73.3","customer_refund_amount":"0","platform_cofunded_discount_amount":"0","platform_cofunded_discount_refund_amount":"0","platform_discount_amount":"0","platform_discount_refund_amount":"0","retail_delivery_fee_amount":"0","retail_delivery_fee_payment_amount":"0","retail_delivery_fee_refund_amount":"0","sales_tax_amount":"6.82","sales_tax_payment_amount":"6.82","sales_tax_refund_amount":"0","seller_cofunded_discount_amount":"0","seller_cofunded_discount_refund_amount":"0"},"type":"ORDER"}');
INSERT INTO "statement_transactions" VALUES('7494026080208015263','0',NULL,NULL,NULL,NULL,'-4.26','{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-4.26","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"}','{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}','7108974036144910972','2026-11-18 07:36:40','576402089255911717','0',NULL,NULL,'70.95','0','0','0','0','0','0','70.95','66.69','0','-3.99','3.99','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0','0',NULL,'0','0','{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"}','0','76.37','0','0','0','5.67','0','0','0','0','7.1','7.1','0','0','0','ORDER','7126306263700273281','7108974036144910972','23feda81d2700be2cf9105c76dde7322','',0,4294967318,4294967318,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","fee_tax_amount":"-4.26","fee_tax_breakdown":{"fee":{"affiliate_ads_commission_amount":"0","affiliate_commission_amount":"0","affiliate_commission_amount_before_pit":"0","affiliate_partner_commission_amount":"0","bonus_cashback_service_fee_amount":"0","brand_amplification_program_commission":"0","brand_amplification_program_fee_tax":"0","brand_campaign_fee":"0","brand_campaign_fee_tax":"0","buyer_fault_return_shipping_fee":"0","campaign_period_fee_cfp_amount":"0","campaign_period_fee_cfp_tax_amount":"0","campaign_period_fee_sp_amount":"0","campaign_period_fee_sp_tax_amount":"0","campaign_resource_fee":"0","category_led_campaign_fee_amount":"0","category_led_campaign_fee_tax_amount":"0","cofunded_creator_bonus_amount":"0","cofunded_promotion_service_fee_amount":"0","cps_shop_ads_commission_tax_amount":"0","credit_card_handling_fee_amount":"0","dt_handling_fee_amount":"0","dynamic_commission_amount":"0","epr_pob_service_fee_amount":"0","external_affiliate_marketing_fee_amount":"0","failed_delivery_shipping_fee":"0","fee_per_item_sold_amount":"0","flash_sales_service_fee_amount":"0","gmv_max_ad_fee_amount":"0","gmv_max_coupon_fee":"0","installation_service_fee":"0","insurance_fee":"0","live_specials_fee_amount":"0","mall_service_fee_amount":"0","platform_commission_amount":"0","platform_semi_managed_commission_fee":"0","platform_semi_managed_commission_fee_tax":"0","platform_special_service_fee_amount":"0","pre_order_service_fee_amount":"0","referral_fee_amount":"-4.26","refund_administration_fee_amount":"0","seller_growth_fee_amount":"0","seller_paylater_handling_fee_amount":"0","sfp_service_fee_amount":"0","shipping_fee_guarantee_service_fee":"0","shipping_insurance_fee_tax_amount":"0","smart_promotion_fee_amount":"0","tap_shop_ads_commission":"0","transaction_fee_amount":"0","tsp_commission_amount":"0","vn_fix_infrastructure_fee":"0","voucher_xtra_service_fee_amount":"0"},"tax":{"anti_dumping_duty_amount":"0","cedular_tax":"0","customs_clearance_amount":"0","customs_duty_amount":"0","gst_amount":"0","import_vat_amount":"0","isr_amount":"0","iva_amount":"0","local_vat_amount":"0","pit_amount":"0","sales_tax_referral_fee_amount":"0","smart_promotion_fee_tax_amount":"0","sst_amount":"0","vat_amount":"0"}},"id":"7108974036144910972","order_create_time":1794987400,"order_id":"576402089255911717","reserve_amount":"0","revenue_amount":"70.95","revenue_breakdown":{"cod_service_fee_amount":"0","distant_item_fee_amount":"0","refund_cod_service_fee_amount":"0","refund_subtotal_before_discount_amount":"0","seller_discount_amount":"0","seller_discount_refund_amount":"0","subtotal_before_discount_amount":"70.95"},"settlement_amount":"66.69","shipping_cost_amount":"0","shipping_cost_breakdown":{"actual_shipping_fee_amount":"-3.99","customer_paid_shipping_fee_amount":"3.99","distant_shipping_fee_amount":"0","exchange_shipping_fee_amount":"0","failed_delivery_subsidy_amount":"0","fbt_free_shipping_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_key_merchant_subsidy":"0","fbt_overall_merchant_subsidy":"0","free_return_subsidy_amount":"0","international_leg_logistics_amount":"0","logistics_service_fee":"0","replacement_shipping_fee_amount":"0","return_shipping_fee_amount":"0","return_shipping_fee_paid_buyer_amount":"0","return_shipping_label_fee_amount":"0","seller_self_shipping_service_fee_amount":"0","shipping_app_service_fee_amount":"0","shipping_fee_discount_amount":"0","shipping_insurance_fee_amount":"0","signature_confirmation_fee_amount":"0","supplementary_component":{"customer_shipping_fee":"0","customer_shipping_fee_offset_amount":"0","fbm_shipping_cost_amount":"0","fbt_fulfillment_fee_amount":"0","fbt_fulfillment_fee_reimbursement_amount":"0","fbt_shipping_cost_amount":"0","platform_shipping_fee_discount_amount":"0","promo_shipping_incentive_amount":"0","refund_customer_shipping_fee":"0","refunded_customer_shipping_fee_amount":"0","return_refund_subsidy_amount":"0","seller_shipping_fee_discount_amount":"0","shipping_fee_subsidy_amount":"0"},"tiktok_shop_shipping_incentive_amount":"0"},"supplementary_component":{"customer_payment_amount":"76.37","customer_refund_amount":"0","platform_cofunded_discount_amount":"0","platform_cofunded_discount_refund_amount":"0","platform_discount_amount":"5.67","platform_discount_refund_amount":"0","retail_delivery_fee_amount":"0","retail_delivery_fee_payment_amount":"0","retail_delivery_fee_refund_amount":"0","sales_tax_amount":"7.1","sales_tax_payment_amount":"7.1","sales_tax_refund_amount":"0","seller_cofunded_discount_amount":"0","seller_cofunded_discount_refund_amount":"0"},"type":"ORDER"}');
CREATE TABLE "statements" (
  shop_id text not null,
  "adjustment_amount" text,
  "currency" text,
  "fee_amount" text,
  "id" text not null,
  "net_sales_amount" text,
  "payment_id" text,
  "payment_status" text,
  "payment_time" text,
  "revenue_amount" text,
  "settlement_amount" text,
  "shipping_cost_amount" text,
  "statement_time" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "id")
);
INSERT INTO "statements" VALUES('7494026080208015263','0','USD','-12.65','7114059017039710542','210.8','7334015080169314542','PAID','2026-10-17 00:00:00','210.8','195.16','-2.99','2026-10-17 00:00:00','a6c1f3711da9c78d094d08e4a83c35e8','',0,4294967315,0,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","currency":"USD","fee_amount":"-12.65","id":"7114059017039710542","net_sales_amount":"210.8","payment_id":"7334015080169314542","payment_status":"PAID","payment_time":1792195200,"revenue_amount":"210.8","settlement_amount":"195.16","shipping_cost_amount":"-2.99","statement_time":1792195200}');
INSERT INTO "statements" VALUES('7494026080208015263','0','USD','-28.86','7126306263700273281','240.28','7397207562842378246','PROCESSING','2026-11-28 00:00:00','240.28','213.42','2','2026-11-28 00:00:00','6e7b75bf68c2a456f62d4f9faaa036c2','',0,4294967315,0,'2026-11-28 19:05:59',NULL,'{"adjustment_amount":"0","currency":"USD","fee_amount":"-28.86","id":"7126306263700273281","net_sales_amount":"240.28","payment_id":"7397207562842378246","payment_status":"PROCESSING","payment_time":1795824000,"revenue_amount":"240.28","settlement_amount":"213.42","shipping_cost_amount":"2","statement_time":1795824000}');
CREATE TABLE "warehouses" (
  shop_id text not null,
  "address_address_line1" text,
  "address_address_line2" text,
  "address_address_line3" text,
  "address_address_line4" text,
  "address_city" text,
  "address_contact_person" text,
  "address_distict" text,
  "address_first_name" text,
  "address_first_name_local_script" text,
  "address_full_address" text,
  "address_geolocation" text,
  "address_last_name" text,
  "address_last_name_local_script" text,
  "address_phone_number" text,
  "address_postal_code" text,
  "address_region" text,
  "address_region_code" text,
  "address_state" text,
  "address_town" text,
  "effect_status" text,
  "entity_id" text,
  "id" text not null,
  "is_default" integer,
  "name" text,
  "sub_type" text,
  "type" text,
  _hash text not null,
  _detail text not null default '',
  _version integer not null,
  _seq integer not null,
  _generation integer not null default 0,
  _synced_at text not null,
  _deleted_at text,
  _raw text,
  primary key (shop_id, "id")
);
INSERT INTO "warehouses" VALUES('7494026080208015263','h:accd6cb29614e758e05e77c3','',NULL,NULL,'h:219310d8491010461450031f','h:fc68330c81f494f9a30952aa','h:931fe0a88eee078030eb430d',NULL,NULL,'h:5d59633608ef61c2170119fa','{"latitude":"h:0704cdd34d586c854068f983","longitude":"h:2fd9b4065f68b00a266a5289"}',NULL,NULL,'h:5f3eabd4b8373833932a86b8','h:675ac491a7cd6bf5bb9dae68','United States','US','California','','ENABLED','7300021045663892309','7300021045864831728',1,'West Coast Warehouse','DOMESTIC_WAREHOUSE','SALES_WAREHOUSE','a829c0042059c95ff6ae13c5ea507d20','',0,4294967302,1,'2026-11-28 19:05:58',NULL,'{"id":"7300021045864831728","entity_id":"7300021045663892309","name":"West Coast Warehouse","type":"SALES_WAREHOUSE","sub_type":"DOMESTIC_WAREHOUSE","effect_status":"ENABLED","is_default":true,"address":{"region":"United States","region_code":"US","state":"California","city":"h:219310d8491010461450031f","distict":"h:931fe0a88eee078030eb430d","town":"","address_line1":"h:accd6cb29614e758e05e77c3","address_line2":"","full_address":"h:5d59633608ef61c2170119fa","postal_code":"h:675ac491a7cd6bf5bb9dae68","contact_person":"h:fc68330c81f494f9a30952aa","phone_number":"h:5f3eabd4b8373833932a86b8","geolocation":{"latitude":"h:0704cdd34d586c854068f983","longitude":"h:2fd9b4065f68b00a266a5289"}}}');
INSERT INTO "warehouses" VALUES('7494026080208015263','h:46f7b4ce3f88766ad5bb342b','',NULL,NULL,'h:e274381de7c6821b118dd556','h:fc68330c81f494f9a30952aa','h:ffedf8b73d06fd83ddae3a9e',NULL,NULL,'h:a20fbf0f9064f43fd9b4868a','{"latitude":"h:dc19bf238c904530d460beb0","longitude":"h:eaf43af554bd039dccf4da11"}',NULL,NULL,'h:c372eb4612cbed2d9f0826f3','h:d16aec2506020cdc69e5899f','United States','US','New Jersey','','ENABLED','7300021046891956143','7300021046949423230',0,'East Coast Warehouse','DOMESTIC_WAREHOUSE','SALES_WAREHOUSE','d292eec04875d405e11cc80b472d7783','',0,4294967302,1,'2026-11-28 19:05:58',NULL,'{"id":"7300021046949423230","entity_id":"7300021046891956143","name":"East Coast Warehouse","type":"SALES_WAREHOUSE","sub_type":"DOMESTIC_WAREHOUSE","effect_status":"ENABLED","is_default":false,"address":{"region":"United States","region_code":"US","state":"New Jersey","city":"h:e274381de7c6821b118dd556","distict":"h:ffedf8b73d06fd83ddae3a9e","town":"","address_line1":"h:46f7b4ce3f88766ad5bb342b","address_line2":"","full_address":"h:a20fbf0f9064f43fd9b4868a","postal_code":"h:d16aec2506020cdc69e5899f","contact_person":"h:fc68330c81f494f9a30952aa","phone_number":"h:c372eb4612cbed2d9f0826f3","geolocation":{"latitude":"h:dc19bf238c904530d460beb0","longitude":"h:eaf43af554bd039dccf4da11"}}}');
CREATE INDEX "orders_create_time" on "orders" (shop_id, "create_time");
CREATE INDEX "orders_update_time" on "orders" (shop_id, "update_time");
CREATE INDEX "packages_create_time" on "packages" (shop_id, "create_time");
CREATE INDEX "packages_update_time" on "packages" (shop_id, "update_time");
CREATE INDEX "returns_create_time" on "returns" (shop_id, "create_time");
CREATE INDEX "returns_update_time" on "returns" (shop_id, "update_time");
CREATE INDEX "cancellations_create_time" on "cancellations" (shop_id, "create_time");
CREATE INDEX "cancellations_update_time" on "cancellations" (shop_id, "update_time");
CREATE INDEX "products_create_time" on "products" (shop_id, "create_time");
CREATE INDEX "products_update_time" on "products" (shop_id, "update_time");
CREATE INDEX "statements_statement_time" on "statements" (shop_id, "statement_time");
COMMIT;
