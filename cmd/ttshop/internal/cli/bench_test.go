package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ttshop-go/ttshop/internal/soak"
)

func TestParseFaults(t *testing.T) {
	t.Parallel()
	for mix, want := range map[string]soak.Faults{
		"none":                       {},
		"heavy":                      soak.Heavy(),
		"throttled=10%":              {Throttled: 0.1},
		"cut=0.02, late=1 %":         {Cut: 0.02, Late: 0.01},
		"failing=5%,token-ttl=20s":   {Failing: 0.05, TokenTTL: 20 * time.Second},
		"skew=4m,skew-every=1500ms":  {Skew: 4 * time.Minute, SkewEvery: 1500 * time.Millisecond},
		"throttled=90%,failing=0.0%": {Throttled: 0.9},
	} {
		if got, err := parseFaults(mix); err != nil || got != want {
			t.Errorf("parseFaults(%q) = %+v, %v, want %+v", mix, got, err, want)
		}
	}
	for mix, want := range map[string]string{
		"":                        "want none, heavy",
		"lots":                    "want none, heavy",
		"cut":                     "want none, heavy",
		"cuts=5%":                 "want none, heavy",
		"cut=five":                "no part of the calls",
		"cut=NaN":                 "no part of the calls",
		"cut=-1%":                 "no part of the calls",
		"cut=101%":                "no part of the calls",
		"throttled=60%,cut=40%":   "100 % of the calls",
		"token-ttl=-1s":           "token-ttl",
		"token-ttl=20":            "token-ttl",
		"skew=4m":                 "go together",
		"throttled=5%,,failing=1": "want none, heavy",
	} {
		if got, err := parseFaults(mix); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parseFaults(%q) = %+v, %v, want %q", mix, got, err, want)
		}
	}
}

// No endpoint of the environment and no credential is looked at.
func TestBenchStaysOnThisMachine(t *testing.T) {
	t.Parallel()
	env := map[string]string{envEndpoint: "https://open-api.tiktokglobalshop.com", envAppKey: "k", envAppSecret: plantedSecret, "HTTP_PROXY": "http://192.0.2.1:1"}
	got := run(t, env, "", "bench", "--calls", "30", "--workers", "4", "--json")
	if got.code != exitOK {
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
	if got.code != exitFailed || !strings.Contains(got.err, "reads were lost") || !strings.Contains(got.stdout, "throughput") {
		t.Errorf("a client without retries passes: exit code %d, %s%s", got.code, got.stdout, got.err)
	}
}

func TestBenchUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"--duration", "0s"}, {"--calls", "0"}, {"--shops", "0"}, {"--shops", "101"}, {"--workers", "0"}, {"--workers", "1001"},
		{"--tries", "0"}, {"--rate", "-1"}, {"--rate", "NaN"}, {"--throttle", "0"}, {"--faults", "cut=2"}, {"--endpoint", "http://127.0.0.1:1"}, {"elsewhere"},
	} {
		if got := run(t, nil, "", append([]string{"bench"}, args...)...); got.code != exitUsage || got.stdout != "" {
			t.Errorf("bench %s: exit code %d, %s", args, got.code, got.stdout)
		}
	}
}
