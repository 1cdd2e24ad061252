// Package workers shares the turns of shops among processes, on one machine or on many,
// by River on a PostgreSQL database.
//
// Each shop has one job, which never ends while the shop is there: it makes a turn, then
// is put back until the next one is due. Any process takes the job that is due next. A
// turn is short, so the work moves on quickly when processes come and go. The job of a
// process that died or stands still is given to another one after [Config.Rescue].
//
// A queue cannot know whether a process that stands still is dead. If it moves again,
// two of them make turns of one shop. So a turn has to be fenced by itself, as that of
// [github.com/ttshop-go/ttshop/sync.Engine] is by its epoch; the jobs only say whose
// turn it should be.
//
// River is under the Mozilla Public License 2.0, not under the license of this module.
package workers
