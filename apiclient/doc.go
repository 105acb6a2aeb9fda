// Package apiclient is the client of the registry: it reserves cells, reads documents, and classifies
// answers and refusals.
//
// The rule of this folder: each protocol fact stands here once, with its source. "The reservation page" is
// the registry's page "Бронирование ячейки". What no page documents is marked
// GUESS. The package knows nothing of visits, printers and screens, and imports nothing of the project.
package apiclient
