package cli

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// personal are members that tell of people or lead to an object, in answers about
// orders, packages, returns, products, warehouses and shops.
var personal = []string{
	"name", "first_name", "last_name", "phone_number", "full_address", "address_detail", "address_line1", "postal_code", "buyer_email",
	"buyer_nickname", "nickname", "contact_person", "id", "user_id", "order_id", "product_id", "package_id", "cipher", "code", "tracking_number",
	"product_name", "title", "description", "seller_sku", "sku_image", "text", "content", "avatar", "url", "doc_url",
}

// People of a sandbox's shop and ids of what they own are in no file of a round
// through it, nor are its secrets.
func TestRecordHidesPeople(t *testing.T) {
	t.Parallel()
	sb, err := sandbox.New(sandbox.Config{Seed: 11, Throttle: new(0.0), Now: func() time.Time { return testNow }})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(sb)
	t.Cleanup(server.Close)
	c := sb.Credentials()
	dir := filepath.Join(t.TempDir(), "rec")
	env := map[string]string{
		platform.EnvEndpoint: server.URL, platform.EnvAppKey: c.AppKey, platform.EnvAppSecret: c.AppSecret,
		platform.EnvAccessToken: c.AccessToken, platform.EnvShopCipher: c.Shops[0].Cipher,
	}
	args := []string{"record", dir}
	for _, domain := range []string{"affiliate_seller", "authorization", "customer_service", "finance", "fulfillment", "logistics", "order", "product", "return_refund", "seller"} {
		args = append(args, "--domain", domain)
	}
	if got := run(t, env, "", args...); got.code != 0 {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	var recorded strings.Builder
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		recorded.Write(content)
	}
	hidden := map[string]bool{c.AppKey: true, c.AppSecret: true, c.AccessToken: true, c.RefreshToken: true, c.Shops[0].Cipher: true}
	for _, call := range [][]string{
		{"POST", "/order/202309/orders/search?page_size=100"}, {"POST", "/product/202502/products/search?page_size=100"},
		{"GET", "/logistics/202309/warehouses"}, {"POST", "/return_refund/202309/returns/search?page_size=50"},
		{"GET", "/authorization/202309/shops"}, {"GET", "/customer_service/202309/conversations?page_size=20"},
	} {
		got := run(t, env, "", "call", call[0], call[1], "--json")
		if got.code != 0 {
			t.Fatalf("%v: exit code %d: %s", call, got.code, got.err)
		}
		var data any
		if err := json.Unmarshal([]byte(got.stdout), &data); err != nil {
			t.Fatal(err)
		}
		gather(data, hidden)
	}
	if len(hidden) < 100 {
		t.Fatalf("only %d values to look for", len(hidden))
	}
	for value := range hidden {
		if strings.Contains(recorded.String(), value) {
			t.Errorf("it shows %q", value)
		}
	}
}

// gather collects the values of personal members that are long enough to be
// recognised.
func gather(value any, into map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range personal {
			if text, ok := v[name].(string); ok && len(text) > 6 {
				into[text] = true
			}
		}
		for _, member := range v {
			gather(member, into)
		}
	case []any:
		for _, item := range v {
			gather(item, into)
		}
	}
}
