package explain

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// lateMistakes can be made in so many ways that they are tried last, and for a
// large body not all of them.
func lateMistakes() []hypothesis {
	return []hypothesis{
		{"timestamp-other", ofTime, 70, true, lateTimestamps},
		{"timestamp-milliseconds", ofTime, 70, true, lateMilliseconds},
		{"path-version", ofPath, 35, true, lateVersions},
		{"order-other", ofOrder, 30, true, lateOrders},
		{"body-key-order", ofKeys, 60, true, lateFields},
	}
}

// lateOrders tries every order of a few parameters.
func lateOrders(f *facts, add addFunc) {
	const most = 6
	params := f.signed()
	if n := len(params); n < 2 || n > most {
		return
	}
	for order := range permutations(len(params)) {
		rank := map[string]int{}
		for i, j := range order {
			rank[params[j].key] = i
		}
		add("you signed the parameters in another order", sortFix, func(r *recipe) {
			r.order = func(a, b param) int { return rank[a.key] - rank[b.key] }
		})
	}
}

// lateTimestamps tries the whole window and clocks in other time zones.
func lateTimestamps(f *facts, add addFunc) {
	sent, ok := f.lookup("timestamp")
	n, err := strconv.ParseInt(sent, 10, 64)
	if !ok || err != nil {
		return
	}
	try := func(n int64) { addTimestamp(f, add, sent, n) }
	window := min(cmp.Or(f.options.Window, defaultWindow), time.Hour)
	for i := int64(2); i <= int64(window/time.Second); i++ {
		try(n - i)
		try(n + i)
	}
	const quarter = 15 * 60
	for i := int64(1); i <= 14*4; i++ {
		if i*quarter > int64(window/time.Second) && window > 0 {
			try(n - i*quarter)
			try(n + i*quarter)
		}
	}
}

// lateMilliseconds tries every millisecond of the second.
func lateMilliseconds(f *facts, add addFunc) {
	sent, _ := f.lookup("timestamp")
	n, err := strconv.ParseInt(sent, 10, 64)
	if err != nil {
		return
	}
	for i := 1; i < 1000; i++ {
		add("you signed the timestamp in milliseconds, but sent it in seconds", timeFix, setTimestamp(strconv.FormatInt(1000*n+int64(i), 10)))
	}
}

// versions are the dates that paths of the platform carry.
var versions = strings.Fields(`202212 202306 202309 202310 202312 202401 202402 202403 202404 202405 202406 202407 202408 202409 202410
	202411 202412 202501 202502 202503 202504 202505 202506 202507 202508 202509 202510 202511 202512 202601`)

func lateVersions(f *facts, add addFunc) {
	sent := pathVersion(f.path)
	if sent == "" {
		return
	}
	for _, version := range versions {
		if version != sent {
			add(fmt.Sprintf("you signed the version %s in the path, but sent %s", version, sent), "sign the path that you send",
				setPath(strings.Replace(f.path, "/"+sent, "/"+version, 1)))
		}
	}
}

// lateFields tries every order of a few outermost fields.
func lateFields(f *facts, add addFunc) {
	if !f.jsonSigned() {
		return
	}
	const most = 5
	n := len(f.doc.members(0))
	if n < 2 || n > most {
		return
	}
	for order := range permutations(n) {
		first := string(bytes.Clone(order))
		add("you signed the body with its fields in a different order than you sent", onceFix,
			setStyle(func(x *style) { x.keys, x.first = keysPermute, first }))
	}
}

// permutations returns all orders of the numbers below n. The slice is
// reused.
func permutations(n int) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		list := make([]byte, n)
		for i := range list {
			list[i] = byte(i)
		}
		var permute func(k int) bool
		permute = func(k int) bool {
			if k == n {
				return yield(list)
			}
			for i := k; i < n; i++ {
				list[k], list[i] = list[i], list[k]
				if !permute(k + 1) {
					return false
				}
				list[k], list[i] = list[i], list[k]
			}
			return true
		}
		permute(0)
	}
}
