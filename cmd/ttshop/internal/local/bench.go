package local

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/internal/soak"
)

// benchOptions are the options of ttshop bench.
type benchOptions struct {
	Duration time.Duration
	Calls    int64
	Shops    int
	Workers  int
	Rate     float64
	Throttle float64
	Tries    int
	Faults   string
	Calm     bool
	Seed     uint64
	JSON     bool
}

// The most that a run can be asked for; more makes no sense on one machine.
const (
	maxBenchShops   = 100
	maxBenchWorkers = 1000
	maxBenchTries   = 100

	shopsPerSandbox = 4
)

// NewBenchCmd returns the command ttshop bench.
func NewBenchCmd(sys *platform.Session) *cobra.Command {
	var o benchOptions
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Test the client under load and faults, against sandboxes of its own",
		Long: `Have many workers read and write shops of sandboxes that the command starts on
this machine, while faults are injected, and report throughput, latency, tries,
and what was lost or carried out twice. No other machine is ever called and no
credentials are used; TTSHOP_ENDPOINT is ignored.

It fails if a promise of the client was broken: a read was lost, a write was
lost or doubled, or reported as not done although it was, or an error came
through that a retry could have avoided. A call that failed in all its tries, by
chance, is made again, as a program would, and counted; with fewer than 5
--tries it is an error.

--faults is none, heavy (a bad day on the platform) or a mix of

  throttled=10%      answered 429
  failing=5%         answered 502
  cut=2%             cut before, within or after the work
  late=1%            done, but never answered
  token-ttl=20s      lifetime of access tokens
  skew=4m            the platform's clock is set off that far, either way
  skew-every=15s     and this often

The client assumes 50 calls per second for each shop and operation, as
documented, and the sandboxes allow fewer, so that it has to learn; after 30 s
fewer than 2 % of the calls may be too fast. Injected 429s slow it down as well;
with --calm the last sandbox has none. Waits between tries are shorter than a
program's: a tenth of a second to two seconds.`,
		Example: `  ttshop bench --duration 1s
  ttshop bench --duration 2s --shops 3 --workers 16 --faults heavy --json
  ttshop bench --calls 50 --rate 20 --faults throttled=20%,cut=5%`,
		Args: console.Takes(0, 0, "no arguments"),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), sys) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.DurationVar(&o.Duration, "duration", 10*time.Second, "how long new calls are started, a `DURATION` such as 30s or 5m")
	flags.Int64Var(&o.Calls, "calls", 1_000_000, "end after this `NUMBER` of calls")
	flags.IntVar(&o.Shops, "shops", 3, "`NUMBER` of shops, at most "+strconv.Itoa(maxBenchShops))
	flags.IntVar(&o.Workers, "workers", 16, "`NUMBER` of calls at a time, at most "+strconv.Itoa(maxBenchWorkers))
	flags.Float64Var(&o.Rate, "rate", 0, "`CALLS` per second and shop to start; 0 means as many as possible")
	flags.StringVar(&o.Faults, "faults", "none", "`MIX` of faults: none, heavy, or as above")
	flags.IntVar(&o.Tries, "tries", 5, "at most this `NUMBER` of tries per call")
	flags.Float64Var(&o.Throttle, "throttle", 10, "`CALLS` per second that the sandbox allows per shop and operation")
	flags.BoolVar(&o.Calm, "calm", false, "inject no 429 at the last of several sandboxes, which have four shops each")
	flags.Uint64Var(&o.Seed, "seed", defaultSeed, "`NUMBER` from which the sandboxes' data is made")
	flags.BoolVar(&o.JSON, "json", false, "report in JSON")
	return cmd
}

// config checks the options.
func (o *benchOptions) config() (soak.Config, error) {
	faults, err := parseFaults(o.Faults)
	switch {
	case err != nil:
		return soak.Config{}, console.Usagef("--faults: %w", err)
	case o.Duration <= 0:
		return soak.Config{}, console.Usagef("--duration %v: must be more than 0", o.Duration)
	case o.Calls < 1:
		return soak.Config{}, console.Usagef("--calls %d: must be at least 1", o.Calls)
	case o.Shops < 1 || o.Shops > maxBenchShops:
		return soak.Config{}, console.Usagef("--shops %d: must be 1 to %d", o.Shops, maxBenchShops)
	case o.Workers < 1 || o.Workers > maxBenchWorkers:
		return soak.Config{}, console.Usagef("--workers %d: must be 1 to %d", o.Workers, maxBenchWorkers)
	case o.Tries < 1 || o.Tries > maxBenchTries:
		return soak.Config{}, console.Usagef("--tries %d: must be 1 to %d", o.Tries, maxBenchTries)
	case o.Calm && o.Shops <= shopsPerSandbox:
		return soak.Config{}, console.Usagef("--calm --shops %d: use more than %d shops, so that there is more than one sandbox", o.Shops, shopsPerSandbox)
	case !(o.Rate >= 0): // NaN too
		return soak.Config{}, console.Usagef("--rate %v: must be 0 or more", o.Rate)
	case !(o.Throttle > 0):
		return soak.Config{}, console.Usagef("--throttle %v: must be more than 0", o.Throttle)
	}
	return soak.Config{
		Shops: o.Shops, Workers: o.Workers, Duration: o.Duration, Calls: o.Calls, Rate: o.Rate,
		Throttle: o.Throttle, Seed: o.Seed, Faults: faults, Calm: o.Calm, Learning: 30 * time.Second,
		Retry: ttshop.RetryPolicy{Tries: o.Tries, MinWait: 100 * time.Millisecond, MaxWait: 2 * time.Second},
	}, nil
}

func (o *benchOptions) run(ctx context.Context, sys *platform.Session) error {
	config, err := o.config()
	if err != nil {
		return err
	}
	report, err := soak.Run(ctx, config)
	if err != nil {
		return err
	}
	broken := report.Broken()
	if o.JSON {
		err = console.WriteJSON(sys.Out, struct {
			soak.Report
			Broken []string `json:"broken"` // promises; empty where all were kept
		}{report, append([]string{}, broken...)})
	} else {
		err = console.WriteRows(sys.Out, console.Painter(sys.Color), benchRows(report))
	}
	if err != nil || len(broken) == 0 {
		return err
	}
	text := strings.Join(broken, "; ")
	if !o.JSON {
		for _, e := range report.Errors {
			text += "\n  " + console.Printable(e)
		}
	}
	return errors.New(text)
}

// benchRows is a report for people.
func benchRows(r soak.Report) []console.Row {
	round := func(d time.Duration) string {
		unit := time.Millisecond
		if d < 10*unit {
			unit = 10 * time.Microsecond
		}
		return d.Round(unit).String()
	}
	return []console.Row{
		{Label: "calls", Value: fmt.Sprintf("%d in %s: %d reads, %d writes", r.Calls, round(r.Elapsed), r.Reads, r.Writes)},
		{Label: "throughput", Value: fmt.Sprintf("%.1f calls per second", r.PerSecond)},
		{Label: "latency", Value: fmt.Sprintf("p50 %s, p90 %s, p99 %s, max %s; including waits and further tries", round(r.Latency.P50), round(r.Latency.P90), round(r.Latency.P99), round(r.Latency.Max))},
		{Label: "tries", Value: fmt.Sprintf("%d, %.3f per call", r.Tries, float64(r.Tries)/float64(max(r.Calls, 1)))},
		{Label: "throttled", Value: fmt.Sprintf("%d times beyond the faults, %d by them; after 30 s of learning %.2f %% of %d tries, %.2f %% of %d without injected 429s", r.Throttled, r.Injected, 100*r.ExcessShare(), r.Learned, 100*r.CalmShare(), r.CalmTries)},
		{Label: "exhausted", Value: fmt.Sprintf("%s failed in all tries and made again; chance explains %.1f", console.Count(int(r.Exhausted), "call"), r.Chance)},
		{Label: "put right", Value: fmt.Sprintf("%s, %s", console.Count(int(r.Expired), "expired token"), console.Count(int(r.Refused), "refused timestamp"))},
		{Label: "not known", Value: console.Count(int(r.Unknown), "write") + " without a key, reported as such by the client"},
		{Label: "lost", Value: fmt.Sprintf("%s, %s", console.Count(int(r.LostReads), "read"), console.Count(int(r.LostWrites), "write"))},
		{Label: "doubled", Value: console.Count(int(r.Doubled), "write")},
		{Label: "told wrong", Value: console.Count(int(r.Phantoms), "write") + " carried out but reported as not done"},
		{Label: "spareable", Value: console.Count(int(r.Spared), "error") + " of writes that a retry could have avoided"},
	}
}
