"""Lists orders that wait for shipment, signed with nothing but Python's own modules."""

import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request


def sign(secret, path, query, body):
    """The signature covers the path, the query in the order of its names, and the
    body, between two copies of the app secret."""
    parameters = "".join(name + query[name] for name in sorted(query))
    text = secret + path + parameters + body + secret
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def call(method, path, parameters, content=None):
    body = "" if content is None else json.dumps(content)
    query = dict(parameters, app_key=os.environ["TTSHOP_APP_KEY"], timestamp=str(int(time.time())))
    query["sign"] = sign(os.environ["TTSHOP_APP_SECRET"], path, query, body)
    request = urllib.request.Request(
        os.environ["TTSHOP_ENDPOINT"] + path + "?" + urllib.parse.urlencode(query),
        method=method,
        data=body.encode() or None,
        headers={"content-type": "application/json", "x-tts-access-token": os.environ["TTSHOP_ACCESS_TOKEN"]},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as refused:
        answer = json.load(refused)
    if answer["code"] != 0:
        raise SystemExit(f"{path}: {answer['code']} {answer['message']} (request {answer['request_id']})")
    return answer["data"]


found = call(
    "POST",
    "/order/202309/orders/search",
    {"shop_cipher": os.environ["TTSHOP_SHOP_CIPHER"], "page_size": "20"},
    {"order_status": "AWAITING_SHIPMENT"},
)
for order in found["orders"]:
    print(order["id"], order["payment"]["total_amount"], order["payment"]["currency"])
