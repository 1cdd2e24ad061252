package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// puller asks the server for a consumer's messages. Unlike the client's Fetch, it
// collects everything that the server has sent when it ends, so that nothing has
// to wait for redelivery, and it can wait any time for an answer.
type puller struct {
	conn    *nats.Conn
	subject string // to ask at
	inbox   string // of the answers, without the number of the request
	sub     *nats.Subscription
	n       uint64 // requests
}

// errPull is what the server says instead of messages.
type errPull struct{ status, text string }

func (e *errPull) Error() string { return fmt.Sprintf("the server answers %s %s", e.status, e.text) }

func newPuller(conn *nats.Conn, stream, consumer string) (*puller, error) {
	p := &puller{conn: conn, subject: "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer, inbox: conn.NewInbox() + "."}
	var err error
	if p.sub, err = conn.SubscribeSync(p.inbox + "*"); err != nil {
		return nil, fmt.Errorf("inbox: asking for events: %w", err)
	}
	return p, p.sub.SetPendingLimits(-1, -1) // there is never more than was asked for
}

// pullFor is how long a request stands.
const pullFor = 5 * time.Second

// pull asks for n messages and hands those that come to take, until they are
// there, the request has expired or the context ends.
func (p *puller) pull(ctx context.Context, n int, take func(*nats.Msg)) error {
	request, err := json.Marshal(map[string]any{"batch": n, "expires": pullFor, "idle_heartbeat": pullFor / 4})
	if err != nil {
		return err
	}
	p.n++
	reply := p.inbox + strconv.FormatUint(p.n, 10)
	if err := p.conn.PublishRequest(p.subject, reply, request); err != nil {
		return err
	}
	for n > 0 {
		beat, cancel := context.WithTimeout(ctx, pullFor)
		m, err := p.sub.NextMsgWithContext(beat)
		cancel()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				p.sort(m, take)
			}
			return nil
		case errors.Is(err, context.DeadlineExceeded):
			return nats.ErrNoHeartbeat
		case err != nil:
			return err
		}
		if p.sort(m, take) {
			n--
			continue
		}
		switch status := m.Header.Get("Status"); {
		case m.Subject != reply, status == "100": // of a former request, or a heartbeat
		case status == "404", status == "408", status == "409" && strings.Contains(m.Header.Get("Description"), "Batch Completed"):
			return nil
		default:
			return &errPull{status, m.Header.Get("Description")}
		}
	}
	return nil
}

// sort hands a message on. It reports false for a word of the server.
func (p *puller) sort(m *nats.Msg, take func(*nats.Msg)) bool {
	if strings.HasPrefix(m.Subject, p.inbox) {
		return false
	}
	take(m)
	return true
}

// end stops asking and hands over what the server has sent already.
func (p *puller) end(take func(*nats.Msg)) error {
	if err := p.sub.Drain(); err != nil {
		return err
	}
	for {
		m, err := p.sub.NextMsg(2 * time.Second)
		if errors.Is(err, nats.ErrBadSubscription) || errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrTimeout) {
			return nil
		}
		if err != nil {
			return err
		}
		p.sort(m, take)
	}
}

var (
	ackDone     = []byte("+ACK")
	ackBack     = []byte("-NAK")
	ackProgress = []byte("+WPI")
)

// gone reports whether an error means that the consumer has to be made again.
func gone(err error) bool {
	if errors.Is(err, nats.ErrNoHeartbeat) {
		return true
	}
	said, ok := errors.AsType[*errPull](err)
	return ok && (said.status == "503" || strings.Contains(said.text, "Consumer Deleted"))
}
