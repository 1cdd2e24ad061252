package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/sandboxtest"
)

const helloWorld = `package main

import "fmt"

func main() { fmt.Println("hello, world") }
`

// BenchmarkProcess measures whole processes, from start to end, beside a
// hello-world that runs in turns with them: the metric x/hello. The version is
// to take five of it at most, help and completion 40 ms, and all others 100 ms
// against a sandbox on this machine.
//
//	go test -run '^$' -bench Process ./cmd/ttshop
func BenchmarkProcess(b *testing.B) {
	dir := b.TempDir()
	hello, ttshop := filepath.Join(dir, "hello"), filepath.Join(dir, "ttshop")
	source := filepath.Join(dir, "hello.go")
	if err := os.WriteFile(source, []byte(helloWorld), 0o600); err != nil {
		b.Fatal(err)
	}
	for program, pkg := range map[string]string{hello: source, ttshop: "."} {
		if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, pkg).CombinedOutput(); err != nil {
			b.Fatalf("go build %s: %v\n%s", pkg, err, out)
		}
	}
	server := sandboxtest.Start(b)
	env := append(os.Environ(), "TTSHOP_CONFIG="+filepath.Join(dir, "config.json"),
		"TTSHOP_ENDPOINT="+server.URL, "TTSHOP_APP_KEY="+server.Credentials.AppKey, "TTSHOP_APP_SECRET="+server.Credentials.AppSecret,
		"TTSHOP_ACCESS_TOKEN="+server.Credentials.AccessToken, "TTSHOP_SHOP_CIPHER="+server.Credentials.Shops[0].Cipher)
	run := func(program string, args ...string) time.Duration {
		cmd := exec.CommandContext(b.Context(), program, args...)
		cmd.Stdout = io.Discard
		cmd.Env = env
		start := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatalf("%s %s: %v", filepath.Base(program), args, err)
		}
		return time.Since(start)
	}
	for _, args := range [][]string{
		{"version"},
		{"--help"},
		{"product", "--help"},
		{"product", "create-product", "--help"},
		{"__complete", "product", "search-products", "--status", ""},
		{"ops", "list"},
		{"ops", "search", "ship", "order"},
		{"ops", "describe", "order.GetOrderList"},
		{"errors", "throttled"},
		{"errors", "36009004"},
		{"doctor"},
		{"shops"},
		{"order", "list"},
		{"webhooks", "list"},
	} {
		b.Run(strings.Join(args, " "), func(b *testing.B) {
			var ours, bare []time.Duration
			for b.Loop() {
				ours = append(ours, run(ttshop, args...))
				b.StopTimer()
				bare = append(bare, run(hello))
				b.StartTimer()
			}
			slices.Sort(ours)
			slices.Sort(bare)
			a, h := ours[len(ours)/2], bare[len(bare)/2]
			b.ReportMetric(float64(a)/float64(h), "x/hello")
			b.ReportMetric(float64(h.Microseconds()), "µs/hello")
		})
	}
}
