// Package gate has the commands of the gateway, through which programs in any
// language call the platform without its secrets.
package gate
