package trade

const CodeForeignOrder = 21008111
