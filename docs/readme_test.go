package docs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/api/order"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

func readmeSDK(ctx context.Context, appKey, appSecret, accessToken, shopCipher, endpoint string) error {
	// sdk
	client := ttshop.New(appKey, appSecret,
		ttshop.WithTokenSource(ttshop.StaticToken(accessToken)),
		ttshop.WithEndpoint(endpoint)) // a sandbox; leave it out for the platform
	shop := client.Shop(shopCipher)

	params := &order.SearchParams{PageSize: 50, OrderStatus: order.StatusAwaitingShipment}
	for o, err := range order.New(shop).SearchAll(ctx, params) {
		if err != nil {
			return err
		}
		fmt.Println(o.ID, o.Payment.TotalAmount, o.Payment.Currency)
	}
	// end
	return nil
}

func TestReadmeSDK(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	c := server.Credentials
	if err := readmeSDK(t.Context(), c.AppKey, c.AppSecret, c.AccessToken, c.Shops[0].Cipher, server.URL); err != nil {
		t.Error(err)
	}
}

func TestReadmeSandbox(t *testing.T) {
	t.Parallel()
	// sandbox
	server := sandboxtest.Start(t)
	shop := server.Shop("GB")
	res, err := order.New(shop).Search(t.Context(), &order.SearchParams{PageSize: 20})
	if err != nil {
		t.Fatal(err)
	}
	// end
	if len(res.Orders) != 20 {
		t.Errorf("%d orders, want 20", len(res.Orders))
	}
}

// TestReadmeShowsWhatRuns holds the Go code of README against the code of this
// file.
func TestReadmeShowsWhatRuns(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)\n```$").FindAllStringSubmatch(string(readme), -1)
	code := marked(t, "readme_test.go")
	if len(blocks) != len(code) {
		t.Errorf("README shows %d blocks of Go, this file runs %d", len(blocks), len(code))
	}
	for _, block := range blocks {
		found := false
		for _, c := range code {
			found = found || c == block[1]
		}
		if !found {
			t.Errorf("nothing runs what README shows:\n%s", block[1])
		}
	}
}

// marked returns the code of a file between lines "// NAME" and "// end", by
// name and without the indentation that it shares.
func marked(t *testing.T, name string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	code := map[string]string{}
	for _, m := range regexp.MustCompile(`(?ms)^(\t+)// (\w+(?: raw)?)\n(.*?)^\t+// end\n`).FindAllStringSubmatch(string(source), -1) {
		code[m[2]] = strings.TrimSuffix(strings.ReplaceAll("\n"+m[3], "\n"+m[1], "\n")[1:], "\n")
	}
	return code
}
