package sandboxtest_test

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/sandbox"
	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

// A test takes the file of the guide, as ttshop sandbox --fixtures does.
func TestFixtures(t *testing.T) {
	t.Parallel()
	f, err := os.Open(filepath.Join("..", "..", "docs", "fixtures", "shop.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fixtures, err := sandbox.ReadFixtures(f)
	if err != nil {
		t.Fatal(err)
	}
	server := sandboxtest.StartWith(t, sandbox.Config{Fixtures: fixtures})
	res, err := server.Shop("GB").Call(t.Context(), "POST", "/product/202502/products/search",
		url.Values{"page_size": {"5"}}, map[string][]string{"seller_skus": {"MUG-BLUE"}})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(res.Data), "Stoneware mug") {
		t.Errorf("the product is not there: %s", res.Data)
	}
}
