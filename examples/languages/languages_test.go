package languages

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// Each program prints the orders that the client finds.
func TestPrograms(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	res, err := order.New(server.Shop("GB")).Search(t.Context(), &order.SearchParams{PageSize: 20, OrderStatus: order.StatusAwaitingShipment})
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for _, o := range res.Orders {
		want.WriteString(o.ID + " " + string(o.Payment.TotalAmount) + " " + o.Payment.Currency + "\n")
	}
	if want.Len() == 0 {
		t.Fatal("no order waits for shipment")
	}
	cipher := ""
	for _, shop := range server.Credentials.Shops {
		if shop.ID == server.ShopID("GB") {
			cipher = shop.Cipher
		}
	}
	for _, test := range []struct{ language, program, file string }{
		{"Node.js", "node", "orders.mjs"},
		{"Python", "python3", "orders.py"},
		{"PHP", "php", "orders.php"},
	} {
		t.Run(test.language, func(t *testing.T) {
			t.Parallel()
			program, err := exec.LookPath(test.program)
			if err != nil {
				if os.Getenv("CI") == "true" {
					t.Fatalf("%s is not installed", test.program)
				}
				t.Skipf("%s is not installed", test.program)
			}
			run := func(secret string) (string, error) {
				cmd := exec.CommandContext(t.Context(), program, test.file)
				cmd.Env = append(os.Environ(), "TTSHOP_ENDPOINT="+server.URL, "TTSHOP_APP_KEY="+server.Credentials.AppKey, "TTSHOP_APP_SECRET="+secret,
					"TTSHOP_ACCESS_TOKEN="+server.Credentials.AccessToken, "TTSHOP_SHOP_CIPHER="+cipher, "PYTHONDONTWRITEBYTECODE=1")
				out, err := cmd.CombinedOutput()
				return string(out), err
			}
			if got, err := run(server.Credentials.AppSecret); err != nil || got != want.String() {
				t.Errorf("error %v, output\n%s\nwant\n%s", err, got, &want)
			}
			if got, err := run("another"); err == nil || !strings.Contains(got, "106001") {
				t.Errorf("with a wrong secret: error %v, output %s", err, got)
			}
		})
	}
}
