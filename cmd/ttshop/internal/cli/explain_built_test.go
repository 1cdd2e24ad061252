package cli

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
)

const (
	shopsPath  = "/authorization/202309/shops"
	searchPath = "/order/202309/orders/search?shop_cipher={cipher}&page_size=10"
	unpaid     = `{"order_status":"UNPAID"}`
	pricePath  = "/product/202309/products/search?page_size=5&shop_cipher={cipher}"
)

// TestExplainPasted holds the pastes that ttshop explain was built by.
func TestExplainPasted(t *testing.T) {
	t.Parallel()
	noBody := func(s signedText) string { return s.path + s.query() }
	replaced := func(old, new string) func(signedText) string {
		return func(s signedText) string { return strings.ReplaceAll(rightText(s), old, new) }
	}
	testPasted(t, []pasted{
		{name: "bash, right", form: asBash, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "bash, body not signed", form: asBash, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-missing"},
		{name: "bash, body signed with spaces", form: asPromptedBash, method: "POST", target: searchPath, body: unpaid, signed: replaced(`":"`, `": "`), want: "body-spaces"},
		{name: "bash, upper case", form: asBash, method: "GET", target: shopsPath, digest: func(s, x string) string { return strings.ToUpper(rightDigest(s, x)) }, want: "output-upper-case"},
		{name: "bash, base64", form: asBash, method: "GET", target: shopsPath, digest: base64Digest, want: "output-base64"},
		{name: "bash, no token", form: asBash, method: "GET", target: shopsPath, noToken: true, want: "token-missing"},
		{name: "bash, GET with a cipher that is not wanted", form: asBash, method: "GET", target: shopsPath + "?shop_cipher={cipher}", want: "shop-cipher-unwanted"},
		{name: "markdown, no cipher", form: asMarkdown, method: "POST", target: "/order/202309/orders/search?page_size=10", body: unpaid, want: "shop-cipher-missing"},
		{name: "cmd, right", form: asCmd, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "cmd, body not signed", form: asCmd, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-missing"},
		{name: "cmd, milliseconds", form: asCmd, method: "GET", target: shopsPath, time: "1700000000000", want: "timestamp-unit"},
		{name: "cmd of old, path without slash", form: asOldCmd, method: "POST", target: searchPath, body: unpaid, signed: func(s signedText) string { return strings.TrimPrefix(rightText(s), "/") }, want: "path-slash"},
		{name: "PowerShell, right", form: asPowerShell, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "PowerShell, keys not sorted", form: asPowerShell, method: "POST", target: searchPath, body: unpaid, signed: func(s signedText) string {
			return s.path + "shop_cipher" + s.params["shop_cipher"] + "page_size10app_keypasteapptimestamp1700000000" + s.body
		}, want: "order-insertion"},
		{name: "PowerShell, another secret", form: asPowerShell, method: "GET", target: shopsPath, digest: func(_, x string) string { return rightDigest("somebody-else", x) }, want: "unknown"},
		{name: "Invoke-RestMethod, right", form: asRestMethod, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "Invoke-RestMethod, body not signed", form: asRestMethod, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-missing"},
		{name: "curl.exe in PowerShell, old timestamp", form: asPowerShellCurl, method: "POST", target: searchPath, body: unpaid, time: "1699990000", want: "timestamp-old"},
		{name: "fetch, right", form: asFetch, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "fetch, access token signed", form: asFetch, method: "GET", target: shopsPath, signed: func(s signedText) string {
			return s.path + "access_token" + pasteToken + s.query()
		}, want: "access-token-signed"},
		{name: "fetch, no content type", form: asFetch, method: "POST", target: searchPath, body: unpaid, ctype: "-", want: "content-type"},
		{name: "fetch code, body with other keys", form: asFetchCode, method: "POST", target: searchPath, body: `{"order_status":"UNPAID","create_time_ge":1690000000}`, signed: func(s signedText) string {
			return s.path + s.query() + `{"create_time_ge":1690000000,"order_status":"UNPAID"}`
		}, want: "body-key-order"},
		{name: "fetch code, right", form: asFetchCode, method: "POST", target: searchPath, body: `{"order_status":"UNPAID","create_time_ge":1690000000}`, want: "right"},
		{name: "axios, right", form: asAxios, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "axios, no secret at the end", form: asAxios, method: "POST", target: searchPath, body: unpaid, digest: func(secret, x string) string {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(secret + x))
			return hex.EncodeToString(mac.Sum(nil))
		}, want: "secret-wrapped-once"},
		{name: "axios, a POST without its body", form: asAxios, method: "POST", target: "/product/202309/products/1729/prices/update?shop_cipher={cipher}", want: "body-not-sent"},
		{name: "axios, another path", form: asAxios, method: "POST", target: "/order/202309/order/search?shop_cipher={cipher}", body: unpaid, want: "path-unknown"},
		{name: "error of Go, body unknown", form: asGoError, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-unknown"},
		{name: "axios config, right", form: asAxiosConfig, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "axios config, no cipher", form: asAxiosConfig, method: "POST", target: "/order/202309/orders/search?page_size=10", body: unpaid, want: "shop-cipher-missing"},
		{name: "axios get, no token", form: asAxios, method: "GET", target: shopsPath, noToken: true, want: "token-missing"},
		{name: "HTTP, right", form: asHTTP, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "HTTP, another method", form: asHTTP, method: "GET", target: searchPath, want: "method"},
		{name: "HTTP, timestamp signed in milliseconds", form: asHTTP, method: "POST", target: searchPath, body: unpaid, signed: replaced("1700000000", "1700000000000"), want: "timestamp-milliseconds"},
		{name: "HAR entry, right", form: asHAREntry, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "HAR entry, page size 1000", form: asHAREntry, method: "POST", target: "/order/202309/orders/search?shop_cipher={cipher}&page_size=1000", body: unpaid, want: "refused"},
		{name: "HAR, body not signed", form: asHAR, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-missing"},
		{name: "HAR request, no app key", form: asHARRequest, method: "GET", target: shopsPath, noKey: true, want: "app-key-missing"},
		{name: "log line, right", form: asLog, method: "POST", target: searchPath, body: unpaid, want: "right"},
		{name: "log line, body not signed", form: asLog, method: "POST", target: searchPath, body: unpaid, signed: noBody, want: "body-missing"},
		{name: "log in JSON, body signed with spaces", form: asJSONLog, method: "POST", target: searchPath, body: unpaid, signed: replaced(`":"`, `": "`), want: "body-spaces"},
		{name: "error of Go, cipher not signed", form: asGoError, method: "GET", target: "/logistics/202309/warehouses?shop_cipher={cipher}", signed: func(s signedText) string {
			delete(s.params, "shop_cipher")
			return rightText(s)
		}, want: "parameter-not-signed"},
		{name: "log in HTML, right", form: asHTMLLog, method: "GET", target: "/logistics/202309/warehouses?shop_cipher={cipher}", want: "right"},
		{name: "URL, no timestamp", form: asURL, method: "GET", target: shopsPath, time: "-", want: "timestamp-missing"},
	})
}

const delivery = `{"type":1,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1699999990,"data":{"order_id":"576486316948490001","order_status":"UNPAID","update_time":1699999989}}`

func TestExplainDelivered(t *testing.T) {
	t.Parallel()
	testDelivered(t, []delivered{
		{name: "right", form: asHeaderAndBody, body: delivery, want: "is right", ok: true},
		{name: "HTTP, right", form: asDelivery, body: delivery, want: "is right", ok: true},
		{name: "without the key", form: asHeaderAndBody, body: delivery, key: "\x00", want: "another app key or secret"},
		{name: "upper case", form: asExpressLog, body: delivery, change: strings.ToUpper, want: "in upper case"},
		{name: "old", form: asDelivery, body: strings.Replace(delivery, "1699999990", "1699900000", 1), want: "but a receiver refuses it"},
	})
}
