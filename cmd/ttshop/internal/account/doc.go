// Package account has the commands that sign in and out, choose profiles and
// shops, and look after tokens.
package account
