// Package hooks has the commands that receive, raise, register and look after
// webhooks.
package hooks
