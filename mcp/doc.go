// Package mcp lets an assistant run a shop over the Model Context Protocol, so that
// it cannot hurt the shop.
//
// A [Server] has a short, static list of tools: three find, describe and call any
// operation of the catalogue, others answer what is asked most, and with
// [Config.AllowWrites] two plan a write and apply it. What an assistant sees is
// bounded in size, people's data in it is masked, and text that others wrote is
// marked as such.
//
// A write is planned, approved and applied. Approval comes from a person outside
// of the assistant's host, see [Approvals]; stock and tracking may be approved
// ahead. What a client says about itself approves nothing.
package mcp
