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

func guideSDK(ctx context.Context, appKey, appSecret, accessToken, shopCipher, endpoint string) error {
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

func TestGuideSDK(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t)
	c := server.Credentials
	if err := guideSDK(t.Context(), c.AppKey, c.AppSecret, c.AccessToken, c.Shops[0].Cipher, server.URL); err != nil {
		t.Error(err)
	}
}

func TestGuideSandbox(t *testing.T) {
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

// TestReadmeIsOneScreen holds README to its size and purpose: one command that
// runs, one picture, and links whose ends exist.
func TestReadmeIsOneScreen(t *testing.T) {
	t.Parallel()
	readme := text(t, filepath.Join(root, "README.md"))
	if lines := strings.Count(readme, "\n"); lines > 60 {
		t.Errorf("README has %d lines, one screen is 60", lines)
	}
	// TestCommandsOfTheGuides runs what is between these fences.
	if commands := regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(readme, -1); len(commands) != 1 || commands[0][1] != "go run ./cmd/ttshop quickstart\n" {
		t.Errorf("README does not show the one command: %q", commands)
	}
	if pictures := strings.Count(readme, "!["); pictures != 1 {
		t.Errorf("README shows %d pictures, want one", pictures)
	}
	linked(t, readme, root)
}

// TestIndexOfTheGuides holds docs/README.md to what is in its folder.
func TestIndexOfTheGuides(t *testing.T) {
	t.Parallel()
	index := text(t, "README.md")
	linked(t, index, ".")
	guides, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, guide := range guides {
		if guide != "README.md" && !strings.Contains(index, "\n| ["+guide+"]("+guide+") | ") {
			t.Errorf("the index has no line about %s", guide)
		}
	}
}

// linked checks that the files exist to which a text in a folder links.
func linked(t *testing.T, markdown, folder string) {
	t.Helper()
	links := regexp.MustCompile(`\]\(([^)#]+)[^)]*\)`).FindAllStringSubmatch(markdown, -1)
	if len(links) < 5 {
		t.Errorf("only %d links were found", len(links))
	}
	for _, link := range links {
		if _, err := os.Stat(filepath.Join(folder, link[1])); err != nil {
			t.Errorf("a dead link: %v", err)
		}
	}
}

// TestSDKGuideShowsWhatRuns holds the Go code of sdk.md against the code of this
// file.
func TestSDKGuideShowsWhatRuns(t *testing.T) {
	t.Parallel()
	guide := text(t, "sdk.md")
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)\n```$").FindAllStringSubmatch(guide, -1)
	code := marked(t, "readme_test.go")
	if len(blocks) != len(code) {
		t.Errorf("sdk.md shows %d blocks of Go, this file runs %d", len(blocks), len(code))
	}
	for _, block := range blocks {
		found := false
		for _, c := range code {
			found = found || c == block[1]
		}
		if !found {
			t.Errorf("nothing runs what sdk.md shows:\n%s", block[1])
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
