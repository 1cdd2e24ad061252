package sandbox

const codeForeignOrder = 21008111
