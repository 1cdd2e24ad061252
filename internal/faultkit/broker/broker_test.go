package broker

import "testing"

func TestBroker(t *testing.T) {
	t.Parallel()
	b := New(t)
	url := b.URL()
	answers := func() error { return greet(b.address()) }
	for _, end := range []func(){b.Stop, b.Kill} {
		if err := answers(); err != nil {
			t.Errorf("it does not answer: %v", err)
		}
		end()
		end() // and nothing happens
		if answers() == nil {
			t.Error("it answers after its end")
		}
		b.Start()
		b.Start() // and nothing happens
	}
	b.Freeze(true)
	if answers() == nil {
		t.Error("it answers while it stands still")
	}
	b.Freeze(false)
	if err := answers(); err != nil || b.URL() != url {
		t.Errorf("at %s, then at %s: %v", url, b.URL(), err)
	}
}
