package gate

import "time"

// Tally counts the requests of a while.
type Tally struct{ Total, Failed int }

// Tally counts the requests of the log from a time on, in steps. It is also true
// where the log has forgotten some of that time.
func (l *RequestLog) Tally(from time.Time, step time.Duration, steps int) (list []Tally, forgot bool) {
	list = make([]Tally, steps)
	l.mu.Lock()
	defer l.mu.Unlock()
	for id := l.count; id > max(0, l.count-LogCapacity); id-- {
		r := &l.ring[id%LogCapacity].LogRecord
		i := int(r.Time.Sub(from) / step)
		if r.Time.Before(from) {
			continue // the clock may have gone back meanwhile
		}
		if i == steps && r.Time.Equal(from.Add(step*time.Duration(steps))) {
			i-- // now is the end of the last step
		}
		if i >= steps {
			continue
		}
		list[i].Total++
		if r.Failed() {
			list[i].Failed++
		}
	}
	if l.count > LogCapacity {
		forgot = !l.ring[(l.count-LogCapacity+1)%LogCapacity].Time.Before(from)
	}
	return list, forgot
}
