package hooks

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/webhook/event"
)

// lateByItself is how old --late makes an event by default: older than the
// platform's last try can be, so that receivers with a replay window refuse it.
const lateByItself = "24h"

// triggerOptions are the options of ttshop trigger.
type triggerOptions struct {
	Set       []string
	Shop      string
	To        string
	Count     int
	Duplicate bool
	Late      time.Duration
	Forged    bool
	Sandbox   string
	List      bool
	JSON      bool

	app platform.AppFlags
}

// NewTriggerCmd returns the command ttshop trigger.
func NewTriggerCmd(sys *platform.Session) *cobra.Command {
	var o triggerOptions
	late := ""
	cmd := &cobra.Command{
		Use:   "trigger EVENT",
		Short: "Raise a webhook, to try out a receiver",
		Long: `Raise an event, by name or number, and report what the receiver answered. Every
event of the platform can be raised; --list shows them.

The running sandbox delivers it, about things that the shop there has, to the
registered address. With --to the command delivers it itself, signed with the
app's secret, and needs no sandbox: that tries out any receiver.

--set sets a field of the data by its path, or one of the envelope. --duplicate
delivers the same notification twice, --late one that claims to be old, --forged
one with a wrong signature.

The exit code is 3 if the receiver refuses an event, and 1 if there is no
answer. A forged one must be refused: the exit code is then 0, and 1 if it is
accepted.`,
		Example: `  ttshop trigger --list
  ttshop trigger ORDER_STATUS_CHANGE --sandbox
  ttshop trigger order-status-change --set order_status=DELIVERED --count 3
  ttshop trigger 4 --set 'package_list[0].package_id=1154' --duplicate
  ttshop trigger 1 --to http://127.0.0.1:3000/webhook --forged`,
		Args:              console.Takes(0, 3, "one event, or --list"),
		ValidArgsFunction: completeTopic(event.Types),
		RunE: func(cmd *cobra.Command, args []string) error {
			args = o.words(cmd, args, &late)
			if len(args) > 1 {
				return console.Usagef("%s takes one event, got %s", cmd.CommandPath(), strings.Join(args, " and "))
			}
			if late != "" {
				d, err := time.ParseDuration(late)
				if err != nil || d <= 0 {
					return console.Usagef("--late %s: use a span such as 24h", late)
				}
				o.Late = d
			}
			if o.List {
				return o.list(sys)
			}
			if len(args) == 0 {
				return console.Usagef("%s takes an event, such as ORDER_STATUS_CHANGE; --list shows all", cmd.CommandPath())
			}
			t, err := readEventType(args[0])
			if err != nil {
				return err
			}
			return o.run(cmd.Context(), sys, t)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&o.List, "list", false, "list the events")
	flags.StringArrayVar(&o.Set, "set", nil, "set a field, `PATH=VALUE`")
	flags.StringVar(&o.Shop, "shop", "", "the `ID` of the shop that it is about")
	flags.StringVar(&o.To, "to", "", "deliver to `URL`, from this command unless --sandbox is given")
	flags.IntVar(&o.Count, "count", 1, "how many events, a `NUMBER`")
	flags.BoolVar(&o.Duplicate, "duplicate", false, "deliver each twice, as the same notification")
	flags.StringVar(&late, "late", "", "say that it was sent a `DURATION` ago, by default "+lateByItself)
	flags.Lookup("late").NoOptDefVal = lateByItself
	flags.BoolVar(&o.Forged, "forged", false, "sign it wrongly")
	platform.AddSandboxFlag(flags, &o.Sandbox, "raise it in the sandbox at `ADDRESS`, by default the one that runs on this machine")
	flags.BoolVar(&o.JSON, "json", false, "report each delivery as one JSON object")
	o.app.Add(flags)
	return cmd
}

// words takes the values of --late and --sandbox out of the arguments: since they
// may be left out, they end up there when given as separate words.
func (o *triggerOptions) words(cmd *cobra.Command, args []string, late *string) (rest []string) {
	for _, arg := range args {
		_, err := time.ParseDuration(arg)
		switch {
		case err == nil && cmd.Flags().Changed("late"):
			*late = arg
		case strings.Contains(arg, "://") && cmd.Flags().Changed("sandbox"):
			o.Sandbox = arg
		default:
			rest = append(rest, arg)
		}
	}
	return rest
}

// listedEvent is an event in the list of all.
type listedEvent struct {
	Type         int    `json:"type"`
	Topic        string `json:"topic"`
	Domain       string `json:"domain"`
	Owner        string `json:"owner"`        // the field of the envelope that names the account
	Subscribable bool   `json:"subscribable"` // a shop can have an address of its own for it
	Summary      string `json:"summary"`
}

// list shows all events.
func (o *triggerOptions) list(sys *platform.Session) error {
	var list []listedEvent
	for _, t := range event.Types() {
		list = append(list, listedEvent{int(t), t.String(), t.Domain(), string(t.Owner()), t.Subscribable(), t.Summary()})
	}
	if o.JSON {
		return console.WriteJSON(sys.Out, list)
	}
	items := make([]json.RawMessage, len(list))
	for i, e := range list {
		own := ""
		if e.Subscribable {
			own = "yes"
		}
		item, err := json.Marshal(struct {
			listedEvent
			Own string `json:"own"`
		}{e, own})
		if err != nil {
			return fmt.Errorf("list the events: %w", err)
		}
		items[i] = item
	}
	return answer.View{Noun: "events", Columns: []answer.Column{
		{Title: "NO", Paths: []string{"type"}, Kind: answer.CellAmount}, {Title: "EVENT", Paths: []string{"topic"}},
		{Title: "PER SHOP", Paths: []string{"own"}}, {Title: "WHAT HAPPENED", Paths: []string{"summary"}, Gives: true},
	}}.Write(sys.System, items)
}

func (o *triggerOptions) run(ctx context.Context, sys *platform.Session, t event.Type) error {
	if o.Count < 1 {
		return console.Usagef("--count %d: must be 1 or more", o.Count)
	}
	if o.To != "" {
		if err := checkTarget("--to", o.To); err != nil {
			return err
		}
	}
	fields, err := readSettings(t, o.Set, sys.Now())
	if err != nil {
		return err
	}
	var send sender
	if o.To != "" && o.Sandbox == "" {
		send, err = o.directly(sys, t, fields)
	} else {
		send, err = o.throughSandbox(ctx, sys, t, fields)
	}
	if err != nil {
		return err
	}
	var sum tally
	for range o.Count {
		deliveries, err := send(ctx)
		for _, d := range deliveries {
			if err := o.tell(sys, d); err != nil {
				return err
			}
			sum.add(d)
		}
		if err != nil {
			return err
		}
	}
	return sum.result(o.Forged)
}

// sender raises one event and returns its deliveries.
type sender func(ctx context.Context) ([]sentEvent, error)

// sentEvent is a delivery and its outcome.
type sentEvent struct {
	Type       int     `json:"type"`
	Topic      string  `json:"topic"`
	Address    string  `json:"address"`
	Status     int     `json:"status"` // of HTTP; 0 without an answer
	Accepted   bool    `json:"accepted"`
	DurationMS float64 `json:"duration_ms"`
	Error      string  `json:"error,omitempty"`
	Forged     bool    `json:"forged,omitempty"`
	Note       string  `json:"-"` // for people
}

// tell reports the outcome of a delivery.
func (o *triggerOptions) tell(sys *platform.Session, d sentEvent) error {
	if o.JSON {
		return console.WriteJSON(sys.Out, d)
	}
	paint := console.Painter(sys.Color)
	took := fmt.Sprintf("after %.1f ms", d.DurationMS)
	answer := ""
	switch {
	case d.Status == 0:
		answer = paint.Red("no answer") + " " + took + ": " + console.Printable(d.Error)
	case d.Accepted == !d.Forged:
		answer = paint.Green(fmt.Sprintf("answered %d", d.Status)) + " " + took
	default:
		answer = paint.Red(fmt.Sprintf("answered %d", d.Status)) + " " + took
	}
	if d.Forged && d.Status != 0 && !d.Accepted {
		answer += "; a forged delivery must be refused: good"
	}
	if d.Note != "" {
		answer += "; " + d.Note
	}
	_, err := fmt.Fprintf(sys.Out, "%s to %s: %s\n", d.Topic, d.Address, answer)
	return err
}

// tally counts how deliveries ended.
type tally struct{ accepted, refused, unanswered int }

func (s *tally) add(d sentEvent) {
	switch {
	case d.Status == 0:
		s.unanswered++
	case d.Accepted:
		s.accepted++
	default:
		s.refused++
	}
}

// result returns the outcome as an error. Only 200 is a success, as for the
// platform.
func (s *tally) result(forged bool) error {
	switch {
	case s.unanswered > 0:
		return fmt.Errorf("%s got no answer: is the receiver running?", console.Count(s.unanswered, "delivery"))
	case forged && s.accepted > 0:
		return fmt.Errorf("the receiver accepted a forged delivery: it does not check the header Authorization")
	case !forged && s.refused > 0:
		return &console.ExitError{Code: console.ExitRefused, Err: fmt.Errorf("the receiver did not answer 200; for the platform that is a failure, and it tries again")}
	}
	return nil
}
