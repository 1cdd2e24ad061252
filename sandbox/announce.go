package sandbox

// emit announces a change of the shop to the addresses of webhooks, by the
// number of the webhook's type. The caller holds the shop's lock. While the
// world is being invented nobody listens.
func (s *shop) emit(eventType int, data any) {
	if s.listen != nil {
		s.listen(eventType, data)
	}
	if s.hooks != nil {
		s.hooks.announce(s, eventType, data)
	}
}
