package local

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/answer"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/console"
	"github.com/ttshop-go/ttshop/cmd/ttshop/internal/platform"
	"github.com/ttshop-go/ttshop/sandbox"
)

// The values of --log.
const (
	logText = "text"
	logJSON = "json"
	logNone = "none"
)

// log returns what shows the requests of the sandbox, nil for nothing.
func (o *sandboxOptions) log(sys *platform.Session) (func(sandbox.Answered), error) {
	how := o.Log
	switch {
	case o.Quiet && how != "" && how != logNone:
		return nil, console.Usagef("--quiet and --log %s cannot be used together", how)
	case o.Quiet, how == "" && o.JSON:
		how = logNone
	case how == "":
		how = logText
	}
	l := &requestLog{out: sys.Out, columns: sys.Terminal.Columns, paint: console.Painter(sys.Color)}
	switch how {
	case logText:
		return func(a sandbox.Answered) { l.write(l.text(a)) }, nil
	case logJSON:
		return func(a sandbox.Answered) { l.write(requestJSON(a)) }, nil
	case logNone:
		return nil, nil
	}
	return nil, console.Usagef("--log %s: use text, json or none", how)
}

// requestLog shows requests on the terminal of ttshop sandbox.
type requestLog struct {
	columns int // 0: no limit
	paint   console.Painter

	mu  sync.Mutex
	out io.Writer // nil: nothing reads it any more
}

// write writes lines. A sandbox goes on when nothing reads them any more.
func (l *requestLog) write(lines string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.out == nil {
		return
	}
	if _, err := io.WriteString(l.out, lines); err != nil {
		l.out = nil
	}
}

// text returns a request as a line. What does not fit stands below, indented.
func (l *requestLog) text(a sandbox.Answered) string {
	status := fmt.Sprint(a.Status)
	if a.Status == 0 {
		status = "cut"
	}
	paint := func(text string) string { return text }
	switch {
	case a.Status == 0 || a.Status >= http.StatusBadRequest || a.Code != 0:
		paint = l.paint.Red
	case a.Status < http.StatusMultipleChoices:
		paint = l.paint.Green
	}
	what := a.Operation
	if what == "" {
		what = a.Method + " " + a.Path
	}
	head := fmt.Sprintf("%s  %s %s %s  ", a.Time.Format(time.TimeOnly), paint(fmt.Sprintf("%3s", status)), paint(fmt.Sprintf("%8d", a.Code)), fmt.Sprintf("%7s", tookText(a.Duration)))
	const indent = 8 + 2 + 3 + 1 + 8 + 1 + 7 + 2
	what = console.Printable(what)
	why := console.Printable(strings.Join(reasons(a), "; "))
	room := l.columns - indent
	switch {
	case why == "" && l.columns == 0:
		return head + what + "\n"
	case why == "":
		return head + answer.CutCell(what, room) + "\n"
	case l.columns == 0 || answer.CellWidth(what)+2+answer.CellWidth(why) <= room:
		return head + what + "  " + why + "\n"
	}
	const below = 10
	lines := console.WrapAll(why, l.columns-below)
	return head + answer.CutCell(what, room) + "\n" + strings.Repeat(" ", below) + strings.Join(lines, "\n"+strings.Repeat(" ", below)) + "\n"
}

// reasons say why a request went as it did.
func reasons(a sandbox.Answered) []string {
	var why []string
	switch {
	case a.Fault != "":
		why = append(why, "fault "+a.Fault)
	case a.Explanation != "":
		why = append(why, a.Explanation)
	case a.Code != 0:
		return append(why, a.Message)
	}
	for _, warning := range a.Warnings {
		why = append(why, "warning: "+warning)
	}
	return why
}

// tookText returns a duration in milliseconds or seconds.
func tookText(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// requestJSON returns a request as an object on a line.
func requestJSON(a sandbox.Answered) string {
	var b strings.Builder
	_ = console.WriteJSON(&b, struct { // a strings.Builder never fails
		Time        time.Time `json:"time"`
		Method      string    `json:"method"`
		Path        string    `json:"path"`
		Operation   string    `json:"operation"`
		ShopID      string    `json:"shop_id,omitempty"`
		Status      int       `json:"status"`
		Code        int       `json:"code"`
		Message     string    `json:"message,omitempty"`
		RequestID   string    `json:"request_id"`
		Explanation string    `json:"explanation,omitempty"`
		Fault       string    `json:"fault,omitempty"`
		Warnings    []string  `json:"warnings,omitempty"`
		Duration    float64   `json:"duration_ms"`
	}{a.Time, a.Method, a.Path, a.Operation, a.ShopID, a.Status, a.Code, a.Message, a.RequestID, a.Explanation, a.Fault, a.Warnings, platform.Milliseconds(a.Duration)})
	return b.String()
}
