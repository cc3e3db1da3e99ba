// faltung/view.hpp -- the door to the views: see memory as arrays, cut, turn and reshape them without a copy
#pragma once

#include "view/copy.hpp"
#include "view/flip.hpp"
#include "view/overlap.hpp"
#include "view/permute.hpp"
#include "view/reshape.hpp"
#include "view/roll.hpp"
#include "view/slice.hpp"
#include "view/sliding_window.hpp"
#include "view/take.hpp"
#include "view/tensor.hpp"
#include "view/tensor_view.hpp"
#include "view/viewable.hpp"
