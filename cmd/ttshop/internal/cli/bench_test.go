package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
)

// No endpoint of the environment and no credential is looked at.
func TestBenchStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	env := map[string]string{platform.EnvEndpoint: "https://open-api.tiktokglobalshop.com", platform.EnvAppKey: "k", platform.EnvAppSecret: plantedSecret, "HTTP_PROXY": "http://192.0.2.1:1"}
	got := run(t, env, "", "bench", "--calls", "30", "--workers", "4", "--json")
	if got.code != console.ExitOK {
		t.Fatalf("exit code %d: %s", got.code, got.err)
	}
	var report struct {
		Calls, Reads, Writes, Tries int64
		Latency                     map[string]int64 `json:"latency_ns"`
		Lost                        *int64           `json:"lost_writes"`
		Doubled                     *int64           `json:"doubled_writes"`
		Broken                      []string
	}
	if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
		t.Fatal(err)
	}
	if report.Calls != 30 || report.Reads+report.Writes != 30 || report.Tries < 30 || report.Latency["p50"] <= 0 || report.Latency["p99"] < report.Latency["p50"] || report.Lost == nil || report.Doubled == nil || report.Broken == nil {
		t.Errorf("bench --json: %s", got.stdout)
	}
}

// A promise that is broken is an error, with the report all the same.
func TestBenchFails(t *testing.T) {
	t.Parallel()
	got := run(t, nil, "", "bench", "--calls", "60", "--tries", "1", "--faults", "failing=50%")
	if got.code != console.ExitFailed || !strings.Contains(got.err, "reads were lost") || !strings.Contains(got.stdout, "throughput") {
		t.Errorf("a client without retries passes: exit code %d, %s%s", got.code, got.stdout, got.err)
	}
}

func TestBenchUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--duration", "0s"}, {"--calls", "0"}, {"--shops", "0"}, {"--shops", "101"}, {"--workers", "0"}, {"--workers", "1001"},
		{"--tries", "0"}, {"--rate", "-1"}, {"--rate", "NaN"}, {"--throttle", "0"}, {"--faults", "cut=2"}, {"--endpoint", "http://127.0.0.1:1"}, {"elsewhere"},
	} {
		if got := run(t, nil, "", append([]string{"bench"}, args...)...); got.code != console.ExitUsage || got.stdout != "" {
			t.Errorf("bench %s: exit code %d, %s", args, got.code, got.stdout)
		}
	}
}
