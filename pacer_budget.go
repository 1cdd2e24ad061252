package ttshop

import (
	"strings"
	"time"
)

// spending is how much of a budget was used on a day.
type spending struct {
	day  int64 // days since 1970
	used int
}

func dayOf(t time.Time) int64 { return t.Unix() / (24 * 60 * 60) }

// budgets returns the indices of the budgets that an operation counts for.
func (p *Pacer) budgets(operation string) []int {
	var matching []int
	for i, budget := range p.config.Budgets {
		switch name := budget.Operation; {
		case name == "", name == operation,
			strings.HasSuffix(name, ".") && strings.HasPrefix(operation, name),
			strings.HasSuffix(name, ".") && strings.Contains(operation, " /"+strings.TrimSuffix(name, ".")+"/"):
			matching = append(matching, i)
		}
	}
	return matching
}

// spend deducts a call from all budgets of its operation, or from none.
func (p *Pacer) spend(b *bucket, key LimitKey, priority Priority, now time.Time) error {
	if len(b.budgets) == 0 {
		return nil
	}
	s := b.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	day := dayOf(now)
	for _, i := range b.budgets {
		if s.spent[i].day != day {
			s.spent[i] = spending{day: day}
		}
		budget, used := p.config.Budgets[i], s.spent[i].used
		refused := &LimitError{Operation: key.Operation, Until: time.Unix((day+1)*24*60*60, 0)}
		switch {
		case used >= budget.Calls:
			refused.Reason = LimitBudget
			return refused
		case priority != Interactive && used >= budget.Calls-budget.Reserve:
			refused.Reason = LimitReserve
			return refused
		}
	}
	for _, i := range b.budgets {
		s.spent[i].used++
	}
	return nil
}

// refund returns what spend deducted for a call that was not sent.
func (p *Pacer) refund(b *bucket, spent time.Time) {
	if len(b.budgets) == 0 {
		return
	}
	s := b.shop
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range b.budgets {
		if s.spent[i].day == dayOf(spent) && s.spent[i].used > 0 {
			s.spent[i].used--
		}
	}
}

// spentOn reports whether anything was used on the day of t.
func (s *shopState) spentOn(t time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, spent := range s.spent {
		if spent.day == dayOf(t) && spent.used > 0 {
			return true
		}
	}
	return false
}
