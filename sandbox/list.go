package sandbox

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ttshop-go/ttshop/sandbox/control"
	"github.com/ttshop-go/ttshop/sandbox/internal/gate"
)

// ListRule is about the lists of some operations.
type ListRule = control.ListRule

// ParseListRule reads the short form of a rule: the operation, or a prefix that
// ends in *, and behind a colon what its lists do, such as
// order.*:paging=offset,lag=30s,jitter=1m,total=-2. Without an operation the
// rule is about all lists.
func ParseListRule(text string) (ListRule, error) {
	operation, members, found := strings.Cut(text, ":")
	if !found {
		operation, members = "", text
	}
	rule := ListRule{Operation: operation}
	for _, member := range strings.Split(members, ",") {
		name, value, _ := strings.Cut(member, "=")
		var err error
		switch name {
		case "paging":
			rule.Paging = value
		case "lag":
			err = duration(value, &rule.Lag)
		case "jitter":
			err = duration(value, &rule.Jitter)
		case "late":
			rule.Late = value
		case "total":
			var n int
			n, err = strconv.Atoi(value)
			rule.TotalError = &n
		default:
			err = errors.New("want paging, lag, jitter, late or total")
		}
		if err != nil {
			return rule, fmt.Errorf("list rule %q: %q: %w", text, member, err)
		}
	}
	if err := gate.ValidateLists(&control.Lists{Rules: []ListRule{rule}}); err != nil {
		return rule, fmt.Errorf("list rule %q: %w", text, err)
	}
	return rule, nil
}

func duration(text string, to **time.Duration) error {
	d, err := time.ParseDuration(text)
	*to = &d
	return err
}

// lists are the lists that the sandbox begins with.
func (c *Config) lists() control.Lists {
	return control.Lists{Rules: c.Lists, OrderDetailFields: c.OrderDetailFields, BlankAddressDays: c.BlankAddressDays}
}

func (c *Config) checkLists() error {
	lists := c.lists()
	if err := gate.ValidateLists(&lists); err != nil {
		return fmt.Errorf("sandbox: lists: %w", err)
	}
	return nil
}
